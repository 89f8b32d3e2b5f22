namespace Homelab;

/// <summary>Says what an operation is called, who may do it and how it is asked for. Every face is a projection of this.</summary>
/// <param name="name">The one name: <c>&lt;system&gt;_&lt;verb&gt;_&lt;noun&gt;</c>, such as <c>docker_restart_container</c>.</param>
/// <param name="level">Who may at all.</param>
/// <param name="risk">How it is asked for.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OperationAttribute(string name, Level level, Risk risk) : Attribute
{
    /// <summary>The one name.</summary>
    public string Name { get; } = name;

    /// <summary>Who may at all.</summary>
    public Level Level { get; } = level;

    /// <summary>How it is asked for.</summary>
    public Risk Risk { get; } = risk;

    /// <summary>
    /// What an unattended caller needs by default; a policy may say otherwise. When it is not given: Auto for Read, Ask for Change and Disrupt,
    /// AskTwice for Destroy.
    /// </summary>
    public Requirement Unattended { get; init; } = risk switch
    {
        Risk.Read => Requirement.Auto,
        Risk.Change or Risk.Disrupt => Requirement.Ask,
        _ => Requirement.AskTwice,
    };

    /// <summary>True when doing it twice leaves the same state as doing it once. Only then is it retried after an unclear failure.</summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// True when its target is away for a while, or may be. What disrupts or destroys does, unless it is said otherwise here: limits for interruptions neither count nor hold what interrupts nobody.
    /// </summary>
    public bool Interrupts { get; init; } = risk >= Risk.Disrupt;

    /// <summary>Other names that calls accept and lists do not show.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>How long the whole of it may take where the caller does not say, as <see cref="Duration"/> reads it.</summary>
    public string Patience { get; init; } = "10m";
}

/// <summary>Marks the input property that names what the operation acts on: position 0 and pipeline at the prompt.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SubjectAttribute : Attribute;

/// <summary>Says of what kind of thing a text names one, so that faces can offer the names they know.</summary>
/// <param name="kind">The kind as <see cref="Target.Kind"/> writes it: <c>container</c>, <c>host</c>, <c>service</c>, <c>monitor</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameOfAttribute(string kind) : Attribute
{
    /// <summary>The kind.</summary>
    public string Kind { get; } = kind;
}

/// <summary>Says that a number counts bytes: people write it as <see cref="ByteSize"/> reads it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BytesAttribute : Attribute;

/// <summary>An example for help pages and for models.</summary>
/// <param name="command">The command as one types it.</param>
/// <param name="meaning">What it does, one sentence.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ExampleAttribute(string command, string meaning) : Attribute
{
    /// <summary>The command as one types it.</summary>
    public string Command { get; } = command;

    /// <summary>What it does, one sentence.</summary>
    public string Meaning { get; } = meaning;
}

/// <summary>The shortest and longest duration an input accepts.</summary>
/// <param name="shortest">As <see cref="Duration"/> reads it.</param>
/// <param name="longest">As <see cref="Duration"/> reads it.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationRangeAttribute(string shortest, string longest) : Attribute
{
    /// <summary>As it was written.</summary>
    public string Shortest { get; } = shortest;

    /// <summary>As it was written.</summary>
    public string Longest { get; } = longest;

    /// <summary>True when the duration lies within, both ends included.</summary>
    public bool Holds(TimeSpan value) =>
        Duration.TryParse(Shortest, out var low) && Duration.TryParse(Longest, out var high) && value >= low && value <= high;
}
