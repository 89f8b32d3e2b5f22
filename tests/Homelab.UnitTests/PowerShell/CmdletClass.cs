using System.ComponentModel;
using System.Management.Automation;
using System.Reflection;
using Homelab.PowerShell.Operations;
using Homelab.UnitTests.Composition;

namespace Homelab.UnitTests.PowerShell;

/// <summary>
/// A cmdlet as its compiled class says it. Its attributes are read as data and never made: outside PowerShell they are those of a stub, which forgets
/// what it is given.
/// </summary>
internal sealed class CmdletClass
{
    private CmdletClass(Type type, CustomAttributeData cmdlet)
    {
        Type = type;
        Verb = (string)cmdlet.ConstructorArguments[0].Value!;
        Noun = (string)cmdlet.ConstructorArguments[1].Value!;
        SupportsShouldProcess = cmdlet.NamedArguments.Any(static a => a is { MemberName: "SupportsShouldProcess", TypedValue.Value: true });
        OutputTypes = [.. Attributes(type, nameof(OutputTypeAttribute)).SelectMany(static o => TypesIn(o.ConstructorArguments))];
        Operation = OperationOf(type);
        Parameters =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(static p => Attributes(p, nameof(ParameterAttribute)).Any())
                .Select(p => new CmdletParameter(p, Operation?.Input.Properties.FirstOrDefault(i => i.Property.Name == p.Name)))
                .OrderBy(static p => p.Position ?? int.MaxValue).ThenByDescending(static p => p.Mandatory).ThenBy(p => Distance(type, p.Property.DeclaringType!)),
        ];
    }

    /// <summary>Every cmdlet of the module, in the order of their names.</summary>
    internal static IReadOnlyList<CmdletClass> All { get; } =
    [
        .. typeof(OperationCmdlet).Assembly.GetTypes()
            .Select(static t => (Type: t, Cmdlet: Attributes(t, nameof(CmdletAttribute)).SingleOrDefault()))
            .Where(static t => t.Cmdlet is not null && !t.Type.IsAbstract)
            .Select(static t => new CmdletClass(t.Type, t.Cmdlet!))
            .OrderBy(static c => c.Name, StringComparer.Ordinal),
    ];

    internal Type Type { get; }

    internal string Verb { get; }

    internal string Noun { get; }

    internal string Name => $"{Verb}-{Noun}";

    internal bool SupportsShouldProcess { get; }

    internal IReadOnlyList<Type> OutputTypes { get; }

    /// <summary>The operation that it is the face of; null when it is written by hand.</summary>
    internal OperationDescriptor? Operation { get; }

    internal IReadOnlyList<CmdletParameter> Parameters { get; }

    internal string? Description => Type.GetCustomAttribute<DescriptionAttribute>()?.Description ?? Operation?.Summary;

    /// <summary>Its own examples, or those of its operation.</summary>
    internal IReadOnlyList<ExampleAttribute> Examples => Type.GetCustomAttributes<ExampleAttribute>().ToArray() is { Length: > 0 } own ? own : Operation?.Examples ?? [];

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(a => a.AttributeType.Name == name && a.AttributeType.Namespace == typeof(Cmdlet).Namespace);

    private static OperationDescriptor? OperationOf(Type type)
    {
        if (!typeof(OperationCmdlet).IsAssignableFrom(type)) return null;
        var property = typeof(OperationCmdlet).GetProperty("OperationName", BindingFlags.Instance | BindingFlags.NonPublic)!;
        using var cmdlet = (IDisposable)Activator.CreateInstance(type)!;
        return CatalogBench.Catalog.Find((string)property.GetValue(cmdlet)!).Descriptor;
    }

    private static IEnumerable<Type> TypesIn(IEnumerable<CustomAttributeTypedArgument> arguments) => arguments.SelectMany(static a => a.Value switch
    {
        Type type => [type],
        IReadOnlyList<CustomAttributeTypedArgument> more => TypesIn(more),
        _ => [],
    });

    // What a cmdlet declares itself comes before what it inherits.
    private static int Distance(Type from, Type to) => from == to ? 0 : 1 + Distance(from.BaseType!, to);
}
