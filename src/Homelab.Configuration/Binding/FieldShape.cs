using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <summary>One key of a mapping, as a property of a record describes it.</summary>
internal sealed class FieldShape
{
    private readonly Regex? _pattern;
    private readonly StringLengthAttribute? _length;
    private readonly DurationRangeAttribute? _durations;

    internal FieldShape(PropertyInfo property, string description)
    {
        Property = property;
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Description = description;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        IsShorthand = property.IsDefined(typeof(ShorthandAttribute));
        Allowed = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.OfType<string>().ToArray() ?? [];
        Pattern = property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern;
        // The attribute itself lets an empty text pass.
        _pattern = Pattern is null ? null : new Regex($@"\A(?:{Pattern})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        _length = property.GetCustomAttribute<StringLengthAttribute>();
        _durations = property.GetCustomAttribute<DurationRangeAttribute>();
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            Least = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            Most = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        }
    }

    internal PropertyInfo Property { get; }

    /// <summary>The key: the property's name in camelCase.</summary>
    internal string Name { get; }

    /// <summary>The property's type without <c>Nullable&lt;&gt;</c>.</summary>
    internal Type Type { get; }

    internal string Description { get; }

    internal bool IsRequired { get; }

    /// <summary>True when its value may stand in place of the whole mapping.</summary>
    internal bool IsShorthand { get; }

    /// <summary>The only texts allowed; any when empty.</summary>
    internal IReadOnlyList<string> Allowed { get; }

    /// <summary>The smallest number allowed.</summary>
    internal double? Least { get; }

    /// <summary>The largest number allowed.</summary>
    internal double? Most { get; }

    /// <summary>The expression that a text must match as a whole.</summary>
    internal string? Pattern { get; }

    internal int? ShortestText => _length?.MinimumLength;

    internal int? LongestText => _length?.MaximumLength;

    /// <summary>Why a value of the right type cannot be taken all the same; null when it can.</summary>
    internal string? Objection(object value) => value switch
    {
        string text when Allowed.Count > 0 && !Allowed.Contains(text, StringComparer.Ordinal) => $"is {ProblemList.Show(text)}, not {Words.OneOf(Allowed)}",
        string text when _pattern?.IsMatch(text) == false => $"is {ProblemList.Show(text)}, which does not have the form expected here",
        string text when _length?.IsValid(text) == false => $"is {text.Length} characters long, not {_length.MinimumLength} to {_length.MaximumLength}",
        int or long or double when Convert.ToDouble(value, CultureInfo.InvariantCulture) is var number && (number < Least || number > Most) =>
            string.Create(CultureInfo.InvariantCulture, $"is {value}, not from {Least} to {Most}"),
        TimeSpan duration when _durations?.Holds(duration) == false => $"is {Duration.Format(duration)}, not from {_durations.Shortest} to {_durations.Longest}",
        _ => null,
    };
}
