using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Proxmox;

/// <summary>Parameter verification: what the real one's JSON schema module says, word for word.</summary>
internal static partial class ParameterCheck
{
    internal const string Missing = "property is missing and it is not optional";

    private const string Unknown = "property is not defined in schema and the schema does not allow additional properties";

    private static readonly ConcurrentDictionary<string, Regex> s_patterns = new(StringComparer.Ordinal);

    /// <summary>Refuses what does not fit the declaration, all of it at once.</summary>
    internal static void Verify(SimulatedRoute route, IReadOnlyDictionary<string, IReadOnlyList<string>> values)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in route.Parameters)
        {
            if (!parameter.Optional && !values.ContainsKey(parameter.Name)) errors[parameter.Name] = Missing;
        }

        foreach (var (name, given) in values)
        {
            if (Declared(route, name) is not { } parameter) errors[name] = Unknown;
            else if (given.Select(v => Refusal(parameter, name, v)).FirstOrDefault(static r => r is not null) is { } refusal) errors[name] = refusal;
            else if (parameter.Requires is { } other && !values.ContainsKey(other)) errors[other] = $"missing property - '{name}' requires this property";
        }

        if (errors.Count > 0) throw ProxmoxRefusedException.Parameters(errors);
    }

    private static SimulatedParameter? Declared(SimulatedRoute route, string name)
    {
        foreach (var parameter in route.Parameters)
        {
            if (parameter.Name == name) return parameter;
            if (!parameter.Name.EndsWith("[n]", StringComparison.Ordinal)) continue;
            var stem = parameter.Name.AsSpan()[..^3];
            if (name.Length > stem.Length && name.AsSpan().StartsWith(stem) && IndexPattern().IsMatch(name.AsSpan(stem.Length))) return parameter;
        }

        return null;
    }

    private static string? Refusal(SimulatedParameter parameter, string name, string value)
    {
        var fits = parameter.Type switch
        {
            "boolean" => value is "0" or "1",
            "integer" => WholePattern().IsMatch(value),
            "number" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        if (!fits) return $"type check ('{parameter.Type}') failed - got '{value}'";
        if (parameter.Format is { } format && ParameterFormats.Refusal(format, value) is { } wrong) return "invalid format - " + wrong;
        if (parameter.Check?.Invoke(name, value) is { } refused) return "invalid format - " + refused;
        if (parameter.Pattern is { } pattern && !Pattern(pattern).IsMatch(value)) return "value does not match the regex pattern";
        if (parameter.Type is "string" && parameter.MinLength is { } shortest && value.Length < shortest) return $"value must be at least {shortest} characters long";
        if (parameter.Type is "string" && parameter.MaxLength is { } longest && value.Length > longest) return $"value may only be {longest} characters long";
        if (parameter.Type is "integer" or "number")
        {
            var number = double.Parse(value, CultureInfo.InvariantCulture);
            if (parameter.Minimum is { } least && number < least) return $"value must have a minimum value of {least}";
            if (parameter.Maximum is { } most && number > most) return $"value must have a maximum value of {most}";
        }

        return parameter.Enum is { } choices && !choices.Contains(value, StringComparer.Ordinal)
            ? $"value '{value}' does not have a value in the enumeration '{string.Join(", ", choices)}'"
            : null;
    }

    // Perl has flags in its groups and may escape an underscore; .NET has and may neither.
    private static Regex Pattern(string pattern) => s_patterns.GetOrAdd(pattern, static p => new Regex($"^(?:{FromPerl(p)})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    // Perl prints its own flags, and escapes what need not be escaped, which is an error here.
    private static string FromPerl(string pattern) =>
        pattern.Replace("(?^:", "(?:", StringComparison.Ordinal).Replace("(?^i:", "(?i:", StringComparison.Ordinal).Replace(@"\_", "_", StringComparison.Ordinal);

    [GeneratedRegex(@"^[+-]?\d{1,18}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholePattern();

    [GeneratedRegex(@"^\d{1,3}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IndexPattern();
}
