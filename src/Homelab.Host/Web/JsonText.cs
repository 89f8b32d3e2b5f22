using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Homelab.Host.Web;

/// <summary>Whether the texts in a JSON document are texts. The framework's reader finds out only when one of them is read, by whoever reads it.</summary>
internal static class JsonText
{
    /// <summary>False where bytes are no UTF-8, or an escape is half a character. Of what is broken otherwise it says nothing.</summary>
    internal static bool IsUnicode(ReadOnlySequence<byte> json)
    {
        if (!Utf8.IsValid(json.IsSingleSegment ? json.FirstSpan : json.ToArray())) return false;
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (JsonException)
        {
            // Said better by who reads it as a whole.
            return true;
        }
    }
}
