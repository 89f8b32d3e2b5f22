namespace Homelab.Generators;

/// <summary>What is known of a cmdlet from its line in the table and from its operation.</summary>
internal sealed record CmdletModel(
    string Namespace,
    string ClassName,
    string Verb,
    string Noun,
    string OperationName,
    OperationRisk Risk,
    string InputType,
    string ResultType,
    bool IsVerdict,
    EquatableList<ParameterModel> Parameters);

/// <summary>One parameter, which is one property of the operation's input.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Type">The property's type, fully qualified, without <c>?</c>.</param>
/// <param name="Shape">How a value of it is taken and passed on.</param>
/// <param name="IsRequired">True for the C# <c>required</c>.</param>
/// <param name="IsSubject">True when it names what the operation acts on.</param>
/// <param name="NamesKind">What kind of thing a text in it names: <c>container</c>; empty when none.</param>
internal sealed record ParameterModel(string Name, string Type, ParameterShape Shape, bool IsRequired, bool IsSubject, string NamesKind);

/// <summary>How a value is taken at the prompt.</summary>
internal enum ParameterShape
{
    /// <summary>A reference type or text: null when not given.</summary>
    Plain,

    /// <summary>A value type: taken as <c>Nullable&lt;&gt;</c>, so that the record's own default holds when not given.</summary>
    Value,

    /// <summary>A boolean: taken as a switch.</summary>
    Switch,

    /// <summary>A duration, written <c>30s</c>.</summary>
    Duration,

    /// <summary>A number of bytes, written <c>4GiB</c>.</summary>
    Bytes,

    /// <summary>A reference to a thing, written <c>gitea@dev</c>.</summary>
    Reference,

    /// <summary>A reference to a secret, written <c>env:NAME</c>.</summary>
    Secret,

    /// <summary>A list: taken as an array.</summary>
    List,
}

/// <summary>The risk of an operation, in the order of <c>Homelab.Risk</c>.</summary>
internal enum OperationRisk
{
    Read,
    Change,
    Disrupt,
    Destroy,
}
