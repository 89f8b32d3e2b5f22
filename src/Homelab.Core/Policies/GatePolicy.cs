using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>What callers need before they may act, and what restrains them. The lab file's <c>policy:</c>; its defaults are the permission matrix that the operations carry.</summary>
public sealed record GatePolicy
{
    /// <summary>Requirements by operation name or pattern; the most specific pattern wins, and on a tie the stricter.</summary>
    [Description("What an unattended caller needs, by operation name or pattern: auto, ask, askTwice or deny. docker_stop_container: ask")]
    public IReadOnlyDictionary<string, Requirement> Approvals { get; init; } = new Dictionary<string, Requirement>(StringComparer.Ordinal);

    /// <summary>Requirements for the steps of single runbooks, by the runbook's name.</summary>
    [Description("What unattended steps of single runbooks need, by the runbook's name: resource-pressure: { approvals: { docker_prune_images: auto } }.")]
    public IReadOnlyDictionary<string, RunbookPolicy> Runbooks { get; init; } = new Dictionary<string, RunbookPolicy>(StringComparer.Ordinal);

    /// <summary>Requirements for single targets; they can only make a call stricter.</summary>
    [Description("Stricter rules for single targets.")]
    public IReadOnlyList<TargetRule> Targets { get; init; } = [];

    /// <summary>What is interrupted only after two confirmations and never destroyed.</summary>
    [Description("Things that are interrupted only after two confirmations and never destroyed: gitea@dev, *@infra, vm:101.")]
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>What we run on and are reached by, besides what is found out at start.</summary>
    [Description("What this program runs on and is reached by, besides what it finds out itself: its container, its host, the reverse proxy, the VPN.")]
    public IReadOnlyList<string> Self { get; init; } = [];

    /// <summary>The commands that may be run on machines, in guests and in containers. None when empty.</summary>
    [Description("The commands that may be run on machines, in guests and in containers: word by word, and where. None when not given.")]
    public IReadOnlyList<CommandRule> Commands { get; init; } = [];

    /// <summary>Where SSH may lead to.</summary>
    [Description("Where SSH may lead to.")]
    public SshPolicy Ssh { get; init; } = new();

    /// <summary>Times in which unattended interruptions need a person, or do not happen.</summary>
    [Description("Times in which unattended interruptions need a person, or do not happen.")]
    public IReadOnlyList<QuietWindow> Windows { get; init; } = [];

    /// <summary>How often unattended callers may act.</summary>
    [Description("How often unattended callers may act.")]
    public ActionLimits Limits { get; init; } = new();

    /// <summary>How far healing may go by itself, and what stops it.</summary>
    [Description("How far healing may go by itself, and what stops it.")]
    public HealingPolicy Healing { get; init; } = new();

    /// <summary>What is kept quiet while a service is healed.</summary>
    [Description("What is kept quiet while a service is healed: its monitor, its alerts.")]
    public CouplingPolicy Coupling { get; init; } = new();

    /// <summary>How approvals are given.</summary>
    [Description("How approvals are given.")]
    public ApprovalPolicy Approval { get; init; } = new();
}

/// <summary>What the steps of one runbook need.</summary>
public sealed record RunbookPolicy
{
    /// <summary>Requirements by operation name or pattern, in place of <see cref="GatePolicy.Approvals"/>; what is denied there stays denied.</summary>
    [Description("What its steps need, by operation name or pattern: auto, ask, askTwice or deny. Stands in place of policy.approvals, but what is denied there stays denied.")]
    public IReadOnlyDictionary<string, Requirement> Approvals { get; init; } = new Dictionary<string, Requirement>(StringComparer.Ordinal);
}

/// <summary>A stricter rule for some targets.</summary>
public sealed record TargetRule
{
    /// <summary>Which targets: name, <c>name@host</c>, <c>kind:name@host</c>, with wildcards.</summary>
    [Description("Which targets: name, name@host or kind:name@host, with * and ?.")]
    public required string Target { get; init; }

    /// <summary>Which operations, with wildcards. All changes when not given.</summary>
    [Description("Which operations, with * and ?. All changes when not given.")]
    public string Operation { get; init; } = "*";

    /// <summary>What is needed there.</summary>
    [Description("What is needed there: ask, askTwice or deny.")]
    public required Requirement Require { get; init; }
}

/// <summary>How often unattended callers may act. Interactive callers and approved changes are not held back by it.</summary>
public sealed record ActionLimits
{
    /// <summary>The least time between two interruptions of one target.</summary>
    [Description("The least time between the end of one interruption of a target and the next. 0s for none.")]
    public TimeSpan Cooldown { get; init; } = TimeSpan.Zero;

    /// <summary>How many changes of one target are allowed within <see cref="Per"/>.</summary>
    [Range(1, 1_000_000)]
    [Description("How many changes of one target are allowed within 'per'.")]
    public int Attempts { get; init; } = 6;

    /// <summary>The span over which <see cref="Attempts"/> counts.</summary>
    [DurationRange("1s", "365d")]
    [Description("The span over which 'attempts' counts.")]
    public TimeSpan Per { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many changes may go on at once on one host or node; the others wait for their turn. No limit when null.</summary>
    [Range(1, 1_000)]
    [Description("How many changes may go on at once on one host or node; the others wait for their turn. No limit when not given. Holds for everybody.")]
    public int? PerHost { get; init; }

    /// <summary>How much of one host may be interrupted.</summary>
    [Description("How much of one host may be interrupted by unattended callers.")]
    public BlastLimit Blast { get; init; } = new();

    /// <summary>How many changes are allowed in the whole lab within <see cref="RatePer"/>.</summary>
    [Range(1, 1_000_000)]
    [Description("How many changes are allowed in the whole lab within 'ratePer'.")]
    public int Rate { get; init; } = 30;

    /// <summary>The span over which <see cref="Rate"/> counts.</summary>
    [DurationRange("1s", "365d")]
    [Description("The span over which 'rate' counts.")]
    public TimeSpan RatePer { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>How many of a host's containers unattended callers may interrupt within a span. What goes beyond looks less like many failures than like one that was not understood.</summary>
public sealed record BlastLimit
{
    /// <summary>The share of the host's containers, of those that the lab file knows, in percent.</summary>
    [Range(1, 100)]
    [Description("The share of a host's containers that may be interrupted within 'per', in percent of those that services name.")]
    public int Percent { get; init; } = 34;

    /// <summary>So many are allowed on every host, however small.</summary>
    [Range(1, 10_000)]
    [Description("So many are allowed on every host, however small it is.")]
    public int Least { get; init; } = 3;

    /// <summary>The span.</summary>
    [DurationRange("1s", "365d")]
    [Description("The span over which it counts.")]
    public TimeSpan Per { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many containers may be interrupted on a host that has this many.</summary>
    public int Of(int containers) => Math.Max(Least, containers * Percent / 100);
}

/// <summary>How approvals are given.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>How long a question stands. No answer in time means no.</summary>
    [DurationRange("1s", "7d")]
    [Description("How long a question stands. No answer in time means no.")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Who may answer, by <c>channel:identity</c> or by identity on any channel.</summary>
    [Description("Who may answer, by channel:identity or by identity on any channel. cli:* are the users of this machine.")]
    public IReadOnlyList<string> Approvers { get; init; } = ["cli:*"];

    /// <summary>True when two confirmations must come from two people.</summary>
    [Description("True when two confirmations must come from two people; otherwise one person may give both, the second by typing the target's name.")]
    public bool TwoPeople { get; init; }

    /// <summary>Whether a yes counts that was given at an AI client.</summary>
    [Description("Whether a yes counts that the person at an AI client gives, where the client shows the question: never, or change (for what interrupts and destroys nothing, and needs one confirmation). Only the client knows whether a person sits there.")]
    public ElicitationRule Elicitation { get; init; }
}

/// <summary>When a yes counts that was given at an AI client.</summary>
public enum ElicitationRule
{
    /// <summary>Never: the client may show the question, and take a no.</summary>
    Never,

    /// <summary>For what interrupts and destroys nothing, and needs one confirmation.</summary>
    Change,
}

/// <summary>Where SSH may lead to.</summary>
public sealed record SshPolicy
{
    /// <summary>The networks that hosts must lie in, checked against the very address that is connected to. Any when empty.</summary>
    [Description("The networks that hosts must lie in, checked against the very address that is connected to: 100.64.0.0/10 and fd7a:115c:a1e0::/48 for a tailnet. Any when not given.")]
    public IReadOnlyList<string> Networks { get; init; } = [];
}
