using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Homelab;

/// <summary>One property of an operation's input, reflected once.</summary>
public sealed class InputProperty
{
    internal InputProperty(PropertyInfo property)
    {
        Property = property;
        Name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
        Required = property.IsDefined(typeof(RequiredMemberAttribute));
        IsSubject = property.IsDefined(typeof(SubjectAttribute));
        IsBytes = property.IsDefined(typeof(BytesAttribute));
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description
            ?? throw new InvalidOperationException($"{property.DeclaringType!.FullName}.{property.Name} has no [Description].");
        Range = property.GetCustomAttribute<RangeAttribute>();
        DurationRange = property.GetCustomAttribute<DurationRangeAttribute>();
        Pattern = property.GetCustomAttribute<RegularExpressionAttribute>();
        Length = property.GetCustomAttribute<StringLengthAttribute>();
    }

    /// <summary>The name on every wire: camelCase.</summary>
    public string Name { get; }

    /// <summary>The property itself.</summary>
    public PropertyInfo Property { get; }

    /// <summary>Its type without <c>Nullable&lt;&gt;</c>.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>True when a call must give it: the C# <c>required</c>.</summary>
    public bool Required { get; }

    /// <summary>True when it names what the operation acts on.</summary>
    public bool IsSubject { get; }

    /// <summary>True when it counts bytes.</summary>
    public bool IsBytes { get; }

    /// <summary>What it means, for a stranger and for a model.</summary>
    public string Description { get; }

    /// <summary>Allowed numbers, if limited.</summary>
    public RangeAttribute? Range { get; }

    /// <summary>Allowed durations, if limited.</summary>
    public DurationRangeAttribute? DurationRange { get; }

    /// <summary>Allowed text, if limited.</summary>
    public RegularExpressionAttribute? Pattern { get; }

    /// <summary>Allowed length of a text, if limited.</summary>
    public StringLengthAttribute? Length { get; }
}
