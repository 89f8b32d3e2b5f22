using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>A rule about commands that may be run on machines, in guests and in containers. What no rule speaks of is denied.</summary>
public sealed record CommandRule
{
    /// <summary>What people call it; its place in the file where it has no name.</summary>
    [Description("What people call it, such as docker-logs. Its place in the file when not given.")]
    public string? Name { get; init; }

    /// <summary>The program and its arguments, word by word, each by its type.</summary>
    [Description("The program and its arguments, word by word: a text is exactly that word, a mapping says what the word may be: [docker, restart, { container: \"*\" }].")]
    public required IReadOnlyList<WordRule> Run { get; init; }

    /// <summary>Where it speaks.</summary>
    [Description("Where it speaks: name, name@host or kind:name@host, with * and ?, of hosts (host:*), guests (vm:*@pve) and containers (container:*@dev); tag:web for all that have a tag.")]
    public required IReadOnlyList<string> On { get; init; }

    /// <summary>For which faces it speaks. All when empty.</summary>
    [Description("For which faces it speaks: interactive, webhook, schedule, mcp, rest. All when not given.")]
    public IReadOnlyList<Face> Faces { get; init; } = [];

    /// <summary>What it says.</summary>
    [Description("What it says: allow, approve (a person must agree) or deny.")]
    public CommandVerdict Verdict { get; init; } = CommandVerdict.Allow;

    /// <summary>True for commands that only look: they interrupt nothing, so that protection, cooldowns and one change at a time do not apply to them.</summary>
    [Description("True for commands that only look: protection, cooldowns and one change at a time do not apply to them.")]
    public bool Reads { get; init; }

    /// <summary>True for what only root may do: on a host it goes through <c>sudo -n</c> where <c>ssh.sudo</c> says so.</summary>
    [Description("True for what only root may do: on a host it goes through 'sudo -n' where the host's ssh.sudo says so.")]
    public bool Root { get; init; }

    /// <summary>Why; for whoever is refused or asked.</summary>
    [Description("Why, in one sentence, for whoever is refused or asked.")]
    public string? Reason { get; init; }

    /// <summary>How much such a command may take.</summary>
    [Description("How much such a command may take.")]
    public CommandLimits Limits { get; init; } = new();
}

/// <summary>What a rule says about a command.</summary>
public enum CommandVerdict
{
    /// <summary>It may run.</summary>
    Allow,

    /// <summary>A person must agree first.</summary>
    Approve,

    /// <summary>It never runs.</summary>
    Deny,
}

/// <summary>How much a command may take.</summary>
public sealed record CommandLimits
{
    /// <summary>How long it may run; a caller may ask for less.</summary>
    [DurationRange("1s", "1h")]
    [Description("How long it may run; it is ended then. Whoever calls may ask for less.")]
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes of each output are kept.</summary>
    [Range(0, 64 * 1024 * 1024)]
    [Description("How many bytes of each of its outputs are kept; the rest is dropped, and the result says so.")]
    public int Output { get; init; } = 1_048_576;

    /// <summary>How many commands of the rule run at once on one host; the others wait.</summary>
    [Range(1, 1_000)]
    [Description("How many commands of this rule run at once on one host; the others wait for their turn.")]
    public int AtOnce { get; init; } = 16;

    /// <summary>These limits, or what a caller asks for where that is less.</summary>
    public CommandLimits AtMost(TimeSpan? time, int? output) => this with
    {
        Time = time < Time ? time.Value : Time,
        Output = output < Output ? output.Value : Output,
    };
}

/// <summary>What a word of a command, or the value of a flag, may be. Exactly one of these is given.</summary>
public record WordKind
{
    /// <summary>Exactly this word.</summary>
    [Shorthand]
    [Description("Exactly this word.")]
    public string? Word { get; init; }

    /// <summary>One of these words.</summary>
    [Description("One of these words.")]
    public IReadOnlyList<string> Choice { get; init; } = [];

    /// <summary>The name of a container; the command is about that container.</summary>
    [Description("The name of a container that matches this, with * and ?. The command counts as one about that container.")]
    public string? Container { get; init; }

    /// <summary>The name of a systemd unit; the command is about that unit.</summary>
    [Description("The name of a systemd unit that matches this, with * and ?; .service is understood. The command counts as one about that unit.")]
    public string? Unit { get; init; }

    /// <summary>An absolute path that is this one or lies below it.</summary>
    [Description("An absolute path that is this one or lies below it, without '.' and '..'. What links on the host make of it is not seen.")]
    public string? Path { get; init; }

    /// <summary>A whole number of a range.</summary>
    [Description("A whole number from and to: 1..1000.")]
    public string? Number { get; init; }

    /// <summary>Any word that matches, with wildcards, and is no option.</summary>
    [Description("Any word that matches this, with * and ?, and does not begin with a hyphen.")]
    public string? Like { get; init; }
}

/// <summary>What a word of a command may be, and how often.</summary>
public sealed record WordRule : WordKind
{
    /// <summary>Options in any order, each at most once, none of them needed.</summary>
    [Description("Options that may stand here in any order, each at most once: { -a: , --tail: { number: 1..5000 } }. With nothing behind it an option has no value.")]
    public IReadOnlyDictionary<string, FlagRule> Flags { get; init; } = new Dictionary<string, FlagRule>(StringComparer.Ordinal);

    /// <summary>Any further words, options too.</summary>
    [Description("True for any further words whatever they are. Only at the end, and dangerous where the program runs other programs.")]
    public bool Rest { get; init; }

    /// <summary>How many such words may stand here.</summary>
    [RegularExpression(@"\d{1,3}(\.\.\d{1,3})?")]
    [Description("How many such words may stand here: 1, 0..1 or 1..5.")]
    public string Count { get; init; } = "1";
}

/// <summary>The value of an option: none when empty.</summary>
public sealed record FlagRule : WordKind;
