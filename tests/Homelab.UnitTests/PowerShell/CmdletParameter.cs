using System.ComponentModel;
using System.Management.Automation;
using System.Reflection;

namespace Homelab.UnitTests.PowerShell;

/// <summary>A parameter of a cmdlet, as its property says it.</summary>
internal sealed class CmdletParameter
{
    // Written by the generator, where no attribute stands.
    private static readonly Dictionary<string, string> s_generated = new(StringComparer.Ordinal)
    {
        ["PassThru"] = "Returns the thing as it was seen afterwards. Without it nothing is returned.",
        ["Quiet"] = "Returns only true or false: true when all that was looked at is well; false when anything is not, cannot be told, or was not there to be looked at.",
    };

    private readonly InputProperty? _input;
    private readonly CustomAttributeData[] _attributes;

    internal CmdletParameter(PropertyInfo property, InputProperty? input)
    {
        Property = property;
        _input = input;
        _attributes = [.. CmdletClass.Attributes(property, nameof(ParameterAttribute))];
    }

    internal PropertyInfo Property { get; }

    internal string Name => Property.Name;

    internal Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    internal bool IsSwitch => Type.Name == nameof(SwitchParameter);

    internal bool Mandatory => Flag("Mandatory");

    /// <summary>Whether it must be given in a set; in any, where no set is named.</summary>
    internal bool IsMandatoryIn(string? set) => _attributes
        .Where(a => set is null || a.NamedArguments.All(n => n.MemberName != "ParameterSetName" || (string?)n.TypedValue.Value == set))
        .Any(static a => a.NamedArguments.Any(static n => n.MemberName == "Mandatory" && n.TypedValue.Value is true));

    internal bool FromPipeline => Flag("ValueFromPipeline");

    internal bool FromProperty => Flag("ValueFromPipelineByPropertyName");

    internal int? Position => _attributes.SelectMany(static a => a.NamedArguments).Where(static a => a.MemberName == "Position").Select(static a => (int?)a.TypedValue.Value).FirstOrDefault();

    internal bool Globbing => CmdletClass.Attributes(Property, nameof(SupportsWildcardsAttribute)).Any();

    /// <summary>The sets that it is in; empty when it is in all.</summary>
    internal IReadOnlyList<string> Sets =>
        [.. _attributes.SelectMany(static a => a.NamedArguments).Where(static a => a.MemberName == "ParameterSetName").Select(static a => (string)a.TypedValue.Value!)];

    internal IReadOnlyList<string> Aliases =>
    [
        .. CmdletClass.Attributes(Property, nameof(AliasAttribute))
            .SelectMany(static a => (IEnumerable<CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)
            .Select(static a => (string)a.Value!),
    ];

    internal string? Description => Property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? _input?.Description ?? s_generated.GetValueOrDefault(Name);

    /// <summary>What holds when it is not given, as one would type it; null when that is nothing.</summary>
    internal string? Default => _input is not { Required: false } input ? null : input.Property.GetValue(Activator.CreateInstance(input.Property.DeclaringType!)) switch
    {
        null or "" or false => null,
        TimeSpan span => Duration.Format(span),
        IEnumerable<object> list => list.Any() ? string.Join(", ", list) : null,
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>What may be given, where that is limited.</summary>
    internal string? Limits => _input switch
    {
        { DurationRange: { } range } => $"From {range.Shortest} to {range.Longest}.",
        { Range: { } range } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"From {range.Minimum} to {range.Maximum}."),
        { Length: { } length } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"At most {length.MaximumLength} characters."),
        _ => null,
    };

    private bool Flag(string name) => _attributes.SelectMany(static a => a.NamedArguments).Any(a => a.MemberName == name && a.TypedValue.Value is true);
}
