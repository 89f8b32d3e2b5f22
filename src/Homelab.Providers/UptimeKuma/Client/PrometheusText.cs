using System.Globalization;
using System.Text;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Reads the Prometheus text format, version 0.0.4.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/</remarks>
internal static class PrometheusText
{
    /// <summary>Every sample, in order. Comments, HELP and TYPE are passed over.</summary>
    /// <exception cref="FormatException">A line is none of the format; the message names it.</exception>
    internal static IReadOnlyList<PrometheusSample> Read(string text)
    {
        var samples = new List<PrometheusSample>();
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan(range).Trim(" \t\r");
            if (line.IsEmpty || line[0] == '#') continue;
            if (!TryReadLine(line, out var sample)) throw new FormatException($"line {number} is no sample: {ForeignText.Clean(line.ToString(), 80)}");
            samples.Add(sample);
        }

        return samples;
    }

    private static bool TryReadLine(ReadOnlySpan<char> line, out PrometheusSample sample)
    {
        sample = default;
        var name = TakeName(ref line);
        if (name.IsEmpty) return false;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        line = line.TrimStart();
        if (line.StartsWith('{') && !TryReadLabels(ref line, labels)) return false;

        line = line.Trim();
        var blank = line.IndexOfAny(' ', '\t');
        var value = blank < 0 ? line : line[..blank];
        // What may follow is a time stamp in milliseconds.
        if (blank >= 0 && !long.TryParse(line[blank..].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) return false;
        if (!TryReadNumber(value, out var number)) return false;
        sample = new PrometheusSample(name.ToString(), labels, number);
        return true;
    }

    private static bool TryReadLabels(ref ReadOnlySpan<char> line, Dictionary<string, string> labels)
    {
        line = line[1..].TrimStart();
        while (!line.StartsWith('}'))
        {
            var name = TakeName(ref line);
            line = line.TrimStart();
            if (name.IsEmpty || !line.StartsWith('=')) return false;
            line = line[1..].TrimStart();
            if (!TryReadQuoted(ref line, out var value) || !labels.TryAdd(name.ToString(), value)) return false;
            line = line.TrimStart();
            // A comma may also stand after the last label.
            if (line.StartsWith(',')) line = line[1..].TrimStart();
            else if (!line.StartsWith('}')) return false;
        }

        line = line[1..];
        return true;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<char> line, out string value)
    {
        value = "";
        if (!line.StartsWith('"')) return false;
        var end = line[1..].IndexOfAny('"', '\\');
        if (end >= 0 && line[end + 1] == '"')
        {
            value = line.Slice(1, end).ToString();
            line = line[(end + 2)..];
            return true;
        }

        var text = new StringBuilder();
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                value = text.ToString();
                line = line[(i + 1)..];
                return true;
            }

            if (line[i] != '\\')
            {
                text.Append(line[i]);
                continue;
            }

            if (++i == line.Length || line[i] is not ('\\' or '"' or 'n')) return false;
            text.Append(line[i] == 'n' ? '\n' : line[i]);
        }

        return false;
    }

    // NaN as the format writes it and as prom-client does (Nan); infinities with their sign.
    private static bool TryReadNumber(ReadOnlySpan<char> text, out double number)
    {
        number = text switch
        {
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return !double.IsNaN(number)
            || text.Equals("NaN", StringComparison.OrdinalIgnoreCase)
            || (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number) && !double.IsNaN(number));
    }

    private static ReadOnlySpan<char> TakeName(ref ReadOnlySpan<char> line)
    {
        var length = 0;
        while (length < line.Length && (char.IsAsciiLetter(line[length]) || line[length] is '_' or ':' || (length > 0 && char.IsAsciiDigit(line[length])))) length++;
        var name = line[..length];
        line = line[length..];
        return name;
    }
}

/// <summary>One line of the format.</summary>
internal readonly record struct PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
