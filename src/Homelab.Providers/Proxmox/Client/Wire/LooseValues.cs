using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>A boolean as Perl writes it: 0, 1, their texts, an empty text, or a true one of JSON.</summary>
internal sealed class LooseBoolean : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => reader.GetDouble() != 0,
        JsonTokenType.String => reader.GetString() is not ("" or "0" or "no" or "off" or "false"),
        _ => throw new JsonException($"a {reader.TokenType} is no boolean"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteNumberValue(value ? 1 : 0);
}

/// <summary>A whole number that may be written as a text, or with a fraction nobody means.</summary>
internal sealed class LooseInteger : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetInt64(out var whole) ? whole : Truncate(reader.GetDouble());
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"a {reader.TokenType} is no number");
        var text = reader.GetString();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) ? Truncate(fraction) : throw new JsonException($"'{text}' is no number");
    }

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    private static long Truncate(double value) =>
        double.IsFinite(value) && Math.Abs(value) < long.MaxValue ? (long)value : throw new JsonException($"{value.ToString(CultureInfo.InvariantCulture)} is out of range");
}

/// <summary>A text that may be written as a number.</summary>
internal sealed class LooseText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)) throw new JsonException($"a {reader.TokenType} is no text");
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    // The keys of dictionaries are texts as well.
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
