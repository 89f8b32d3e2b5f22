using System.Text.Json;

namespace Homelab.Host.Attached;

/// <summary>The vault of an attached program: what its parent process handed over in the first line, <c>{ "secrets": { "vault:name": "value" } }</c>.</summary>
internal sealed class HandedSecrets : ISecretVault
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly Dictionary<string, Secret> _secrets = new(StringComparer.Ordinal);

    private HandedSecrets()
    {
    }

    /// <inheritdoc/>
    public ValueTask<string?> OpenAsync(SecretReference reference, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_secrets.TryGetValue(reference.ToString(), out var secret) ? secret.Reveal() : null);

    /// <summary>Reads the first line.</summary>
    /// <exception cref="HomelabException"><c>FirstLineInvalid</c> (Invalid): says what is wrong with it, and repeats nothing of it that could be a secret.</exception>
    internal static HandedSecrets Parse(byte[]? line)
    {
        if (line is null) throw Invalid("there is none, or it is longer than 1 MiB");
        try
        {
            using var json = JsonDocument.Parse(line, s_strict);
            return Read(json.RootElement);
        }
        catch (JsonException e)
        {
            // The cause is left out: it quotes what it stumbled over.
            throw Invalid($"it is no JSON, or names something twice; first at byte {(e.BytePositionInLine ?? 0) + 1}");
        }
        catch (InvalidOperationException)
        {
            throw Invalid("a text in it ends in half a character");
        }
    }

    private static HandedSecrets Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid("it is no JSON object");
        var handed = new HandedSecrets();
        foreach (var field in root.EnumerateObject())
        {
            if (field.Name != "secrets") throw Invalid("it has a field besides 'secrets'");
            if (field.Value.ValueKind != JsonValueKind.Object) throw Invalid("'secrets' is no JSON object");
            foreach (var secret in field.Value.EnumerateObject()) handed.Add(secret);
        }

        return handed;
    }

    private void Add(JsonProperty secret)
    {
        // The name is not repeated before it is known to be one: name and value are easily swapped.
        if (!SecretReference.TryParse(secret.Name, null, out var reference) || reference.Scheme != "vault") throw Invalid("a name in 'secrets' is no reference such as vault:name");
        if (secret.Value.ValueKind != JsonValueKind.String || secret.Value.GetString() is not { Length: > 0 } value) throw Invalid($"the value of {reference} is no text, or is empty");
        _secrets[reference.ToString()] = new Secret(value);
    }

    private static HomelabException Invalid(string why) => new(
        ErrorKind.Invalid,
        "FirstLineInvalid",
        $"The first line of standard input cannot be used: {why}. With --attached the parent process writes one line first: {{}}, or {{\"secrets\":{{\"vault:name\":\"value\"}}}}.",
        "stdin");
}
