using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>Everything a face needs to offer an operation, read once from its attributes.</summary>
public sealed partial class OperationDescriptor
{
    private OperationDescriptor(OperationAttribute attribute, Type type, Type inputType, Type resultType)
    {
        Name = attribute.Name;
        Level = attribute.Level;
        Risk = attribute.Risk;
        Unattended = attribute.Unattended;
        Idempotent = attribute.Idempotent || attribute.Risk == Risk.Read;
        CountsAs = attribute.Risk >= Risk.Disrupt && !attribute.Interrupts ? Risk.Change : attribute.Risk;
        Aliases = attribute.Aliases;
        Patience = Duration.TryParse(attribute.Patience, out var patience)
            ? patience
            : throw new InvalidOperationException($"Operation {attribute.Name}: patience '{attribute.Patience}' is no duration.");
        Summary = type.GetCustomAttribute<DescriptionAttribute>()?.Description
            ?? throw new InvalidOperationException($"Operation {type.Name} has no [Description].");
        Examples = [.. type.GetCustomAttributes<ExampleAttribute>()];
        OperationType = type;
        Input = InputShape.Of(inputType);
        ResultType = resultType;
    }

    /// <summary>The one name: MCP tool, runbook verb, policy key, REST route and audit entry.</summary>
    public string Name { get; }

    /// <summary>The part before the first underscore: <c>docker</c>.</summary>
    public string System => Name[..Name.IndexOf('_', StringComparison.Ordinal)];

    /// <summary>Who may at all.</summary>
    public Level Level { get; }

    /// <summary>How it is asked for.</summary>
    public Risk Risk { get; }

    /// <summary>What an unattended caller needs by default.</summary>
    public Requirement Unattended { get; }

    /// <summary>What limits take it for: its risk, or <see cref="Risk.Change"/> where it interrupts nobody.</summary>
    public Risk CountsAs { get; }

    /// <summary>True when doing it twice leaves the same state as doing it once.</summary>
    public bool Idempotent { get; }

    /// <summary>Other names that calls accept and lists do not show.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>How long the whole of it may take where the caller does not say.</summary>
    public TimeSpan Patience { get; }

    /// <summary>What it does, one sentence for a stranger.</summary>
    public string Summary { get; }

    /// <summary>Examples for help pages.</summary>
    public IReadOnlyList<ExampleAttribute> Examples { get; }

    /// <summary>The class it is written in.</summary>
    public Type OperationType { get; }

    /// <summary>Its input, reflected.</summary>
    public InputShape Input { get; }

    /// <summary>What it yields or returns.</summary>
    public Type ResultType { get; }

    /// <summary>True for a change, false for a query.</summary>
    public bool IsChange => Risk != Risk.Read;

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static OperationDescriptor Of(Type type, Type inputType, Type resultType)
    {
        var attribute = type.GetCustomAttribute<OperationAttribute>()
            ?? throw new InvalidOperationException($"Operation {type.Name} has no [Operation].");
        if (!NamePattern().IsMatch(attribute.Name)) throw new InvalidOperationException($"Operation name '{attribute.Name}' is not of the form system_verb_noun.");
        var isQuery = typeof(IRunnableQuery).IsAssignableFrom(type);
        if (isQuery != (attribute.Risk == Risk.Read)) throw new InvalidOperationException($"Operation {attribute.Name}: a query has Risk.Read, and only a query has.");
        return new OperationDescriptor(attribute, type, inputType, resultType);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
