using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Homelab.Providers.Alertmanager;

/// <summary>Alertmanager's API, version 2.</summary>
/// <remarks>https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml</remarks>
internal sealed class AlertmanagerClient : IDisposable
{
    private readonly HttpPeer _peer;

    internal AlertmanagerClient(AlertmanagerSettings settings, ProviderContext context) => _peer = new HttpPeer(
        new HttpPeerDefinition(AlertmanagerNames.Provider, AlertmanagerNames.Product, AlertmanagerNames.Product, settings.Url) { Token = settings.Token, User = settings.User, Password = settings.Password, Tls = settings.Tls },
        context);

    /// <summary>The release that answers.</summary>
    internal async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Get, "/api/v2/status", content: null, cancellationToken).ConfigureAwait(false);
        using var json = Parse(answer);
        var version = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("versionInfo", out var info) && info.TryGetProperty("version", out var text) ? text.GetString() : null;
        return version is null ? throw Odd("its state without a version") : ForeignText.Clean(version, 40);
    }

    internal async Task<IReadOnlyList<Silence>> ListSilencesAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Get, "/api/v2/silences", content: null, cancellationToken).ConfigureAwait(false);
        using var json = Parse(answer);
        if (json.RootElement.ValueKind != JsonValueKind.Array) throw Odd("something else than a list of silences");
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    }

    /// <summary>One silence, or null.</summary>
    internal async Task<Silence?> FindSilenceAsync(Guid id, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Get, $"/api/v2/silence/{id}", content: null, cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound) return null;
        using var json = Parse(answer);
        return Read(json.RootElement);
    }

    internal async Task<Guid> CreateSilenceAsync(IReadOnlyList<SilenceMatcher> matchers, DateTimeOffset from, DateTimeOffset until, string createdBy, string comment, CancellationToken cancellationToken)
    {
        var silence = new
        {
            matchers = matchers.Select(static m => new { name = m.Name, value = m.Value, isRegex = m.IsRegex, isEqual = m.IsEqual }).ToArray(),
            startsAt = from.UtcDateTime.ToString("O"),
            endsAt = until.UtcDateTime.ToString("O"),
            createdBy,
            comment,
        };
        var answer = await AskAsync(HttpMethod.Post, "/api/v2/silences", JsonContent.Create(silence), cancellationToken).ConfigureAwait(false);
        using var json = Parse(answer);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("silenceID", out var id) && Guid.TryParse(id.GetString(), out var given) ? given : throw Odd("no id of the silence that it took");
    }

    internal Task ExpireSilenceAsync(Guid id, CancellationToken cancellationToken) => AskAsync(HttpMethod.Delete, $"/api/v2/silence/{id}", content: null, cancellationToken);

    public void Dispose() => _peer.Dispose();

    private async Task<HttpPeerAnswer> AskAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var answer = await _peer.SendAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            HttpStatusCode.OK => answer,
            HttpStatusCode.NotFound when method == HttpMethod.Get => answer,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
                throw new HomelabException(ErrorKind.Invalid, "SilenceInvalid", $"Alertmanager did not take it: {answer.Said(200)}. Look at the matchers.", AlertmanagerNames.Provider) { WayOut = "Look at the matchers.", NothingHappened = true },
            _ => throw _peer.Odd($"answered HTTP {(int)answer.Status}: {answer.Said(120)}"),
        };
    }

    private Silence Read(JsonElement json)
    {
        try
        {
            return SilenceReader.Read(json);
        }
        catch (FormatException e)
        {
            throw Odd(e.Message, e);
        }
    }

    private JsonDocument Parse(HttpPeerAnswer answer)
    {
        try
        {
            return JsonDocument.Parse(answer.Body);
        }
        catch (JsonException e)
        {
            throw Odd("something that is no JSON", e);
        }
    }

    private HomelabException Odd(string what, Exception? inner = null) => _peer.Odd($"answered {what}", inner);
}
