namespace Homelab;

/// <summary>What the command policy says of one command at one place, and why.</summary>
public sealed class CommandDecision
{
    private readonly Candidate? _holding;
    private readonly CommandPolicy _policy;

    internal CommandDecision(CommandLine line, CommandPlace place, Candidate? holding, IReadOnlyList<string> others, CommandPolicy policy)
    {
        Line = line;
        Place = place;
        Others = others;
        _holding = holding;
        _policy = policy;
    }

    /// <summary>The command as it was read.</summary>
    public CommandLine Line { get; }

    /// <summary>Where it would run.</summary>
    public CommandPlace Place { get; }

    /// <summary>Whether it may run.</summary>
    public CommandVerdict Verdict => _holding?.Rule.Rule.Verdict ?? CommandVerdict.Deny;

    /// <summary>The rule that holds; null where none means the command.</summary>
    public string? Rule => _holding?.Rule.Name;

    /// <summary>Other rules that mean it too, and were beaten or are milder.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>True when it only looks, as the rule says.</summary>
    public bool Reads => _holding?.Rule.Rule.Reads == true;

    /// <summary>True when it runs as root where the account may become root.</summary>
    public bool AsRoot => _holding?.Rule.Rule.Root == true;

    /// <summary>How much it may take.</summary>
    public CommandLimits Limits => _holding?.Rule.Rule.Limits ?? new CommandLimits();

    /// <summary>What it acts on: the container or unit that a word of it names; else the place, or for one that only looks the command itself.</summary>
    public Target Target
    {
        get
        {
            // Names of the host stay names of what is on it only in the part after the @.
            if (_holding?.Subject is { } subject && Place.Target.Kind == "host") return new Target(subject.Matcher.TargetKind!, subject.Matcher.TargetName(subject.Word), Place.Target.Name);
            return Reads ? new Target("command", CommandLine.Show(Line.Words), Place.Target.Host ?? Place.Target.Name) : Place.Target;
        }
    }

    /// <summary>Why, in one sentence for people.</summary>
    public string Reason => (Line.Refusal, _holding) switch
    {
        ({ } refusal, _) => $"this is no plain command: {refusal}",
        (_, { Rule: var rule }) when rule.Rule.Reason is { } reason => $"rule {rule.Name} says {Said}: {reason.TrimEnd('.')}",
        (_, { Rule: var rule }) => $"rule {rule.Name} says {Said}",
        _ => Nearest() is { } nearest ? $"no rule allows {CommandLine.Show(Line.Words)} on {Place.Target}; the nearest, {nearest.Name}, {nearest.Why}" : $"no rule speaks of {Program} on {Place.Target}{Wrapping}",
    };

    /// <summary>What to do about it; null where it may run.</summary>
    public string? WayOut => (Line.Refusal, Verdict) switch
    {
        ({ } refusal, _) => refusal.WayOut,
        (_, CommandVerdict.Allow) => null,
        (_, CommandVerdict.Approve) => "Approve it, or change the rule in policy.commands of the lab file.",
        _ when _holding is not null => "Change the rule in policy.commands of the lab file.",
        _ => $"To allow it, add to policy.commands in the lab file: {{ run: [{string.Join(", ", Line.Words.Select(YamlWord.Of))}], on: [{YamlWord.Of(Place.Target.Key)}] }}.",
    };

    /// <summary>The decision as one of the gate's findings.</summary>
    public Finding ToFinding() => new(
        Rules.Command,
        Verdict switch { CommandVerdict.Allow => Requirement.Auto, CommandVerdict.Approve => Requirement.Ask, _ => Requirement.Deny },
        Reason,
        WayOut);

    private string Said => Verdict switch { CommandVerdict.Allow => "allow", CommandVerdict.Approve => "approve", _ => "deny" };

    private string Program => CommandLine.Show([Line.Words[0]]);

    private string Wrapping => WrapperPrograms.Has(Line.Words[0]) ? $"; {Program} runs other programs, so that a rule must name it" : "";

    // Among rules about the program: first those that speak here, then the one whose words fit farthest.
    private (string Name, string Why)? Nearest()
    {
        var about = _policy.About(Line.Words[0]).ToList();
        if (about.Count == 0) return null;
        var here = about.Where(r => r.PlaceWeight(Place) >= 0).ToList();
        if (here.Count == 0)
        {
            var elsewhere = about.FirstOrDefault(r => r.Matches(Line.Words, out _)) ?? about[0];
            return (elsewhere.Name, "does not speak there, or not for this face");
        }

        var nearest = here.Select(r => (Rule: r, Fit: r.Explain(Line.Words))).MaxBy(static r => r.Fit.At);
        return (nearest.Rule.Name, "does not fit: " + nearest.Fit.Why);
    }
}
