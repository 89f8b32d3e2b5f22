using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Homelab;

/// <summary>
/// A value that must not leak. Printing, formatting, logging or serialising it yields <c>***</c>; only <see cref="Reveal"/> gives the value,
/// so every use can be found by searching for that word.
/// </summary>
[DebuggerDisplay("***")]
[JsonConverter(typeof(Masked))]
public sealed class Secret
{
    /// <summary>What stands where a secret would have stood.</summary>
    public const string Mask = "***";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value;

    /// <param name="value">The value to guard.</param>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>The value itself. Pass it straight to the wire; never store or format it.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => Mask;

    private sealed class Masked : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("A secret is never read from data; give a reference such as env:NAME or file:path.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(Mask);
    }
}
