using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <summary>What a value without quotes means: the core schema of YAML 1.2, chapter 10.3. <c>yes</c> and <c>on</c> are texts there.</summary>
internal static partial class CoreSchema
{
    // No number that means something is longer; a longer one stays a text.
    private const int LongestNumber = 64;

    internal static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    internal static bool TryBool(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE";
    }

    internal static bool IsInteger(string text) => text.Length <= LongestNumber && IntegerPattern().IsMatch(text);

    /// <summary>Reads a whole number; false for what is none and for what does not fit into 64 bits.</summary>
    internal static bool TryInteger(string text, out long value)
    {
        value = 0;
        if (!IsInteger(text)) return false;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            // With the highest bit set it would be read as a negative number.
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        }

        if (text.StartsWith("0o", StringComparison.Ordinal)) return TryOctal(text.AsSpan(2), out value);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads a number; infinity and NaN are none here, since JSON has no way to write them.</summary>
    internal static bool TryNumber(string text, out double value)
    {
        value = 0;
        if (TryInteger(text, out var whole))
        {
            value = whole;
            return true;
        }

        return text.Length <= LongestNumber && FloatPattern().IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    /// <summary>A node as JSON: quoted values stay texts, others become what the core schema says.</summary>
    internal static JsonNode? ToJson(Node node)
    {
        switch (node)
        {
            case MappingNode mapping:
                return ToJson(mapping);
            case ListNode list:
                return new JsonArray([.. list.Items.Select(ToJson)]);
            default:
                var scalar = (ScalarNode)node;
                if (!scalar.IsPlain) return JsonValue.Create(scalar.Text);
                if (IsNull(scalar.Text)) return null;
                if (TryBool(scalar.Text, out var flag)) return JsonValue.Create(flag);
                if (TryInteger(scalar.Text, out var whole)) return JsonValue.Create(whole);
                return TryNumber(scalar.Text, out var number) ? JsonValue.Create(number) : JsonValue.Create(scalar.Text);
        }
    }

    internal static JsonObject ToJson(MappingNode mapping) => new(mapping.Entries.Select(static e => KeyValuePair.Create(e.Key, ToJson(e.Value))));

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (value > long.MaxValue >> 3) return false;
            value = (value << 3) + (digit - '0');
        }

        return true;
    }

    [GeneratedRegex(@"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(
        @"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex FloatPattern();
}
