using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Homelab;

/// <summary>What all references have in common: they are read from one text, say by a <see cref="FormatException"/> why they cannot be, and are written as that text.</summary>
internal static class ReferenceText
{
    /// <summary>Reads one, without an exception.</summary>
    internal static bool TryRead<T>([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out T reference)
        where T : class, IParsable<T>
    {
        reference = null;
        if (text is null) return false;
        try
        {
            reference = T.Parse(text, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>A reference as JSON: its text, or the number where that is what it is.</summary>
internal sealed class ReferenceAsText<T> : JsonConverter<T>
    where T : class, IParsable<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            // Old clients and models write a VMID as a number.
            return T.Parse(reader.TokenType == JsonTokenType.Number ? reader.GetInt64().ToString(CultureInfo.InvariantCulture) : reader.GetString() ?? "", CultureInfo.InvariantCulture);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
