using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>Where people are told.</summary>
public sealed record NotifyDefinition
{
    /// <summary>A Telegram bot of our own.</summary>
    [Description("A Telegram bot of our own.")]
    public TelegramDefinition? Telegram { get; init; }
}

/// <summary>A Telegram bot.</summary>
public sealed record TelegramDefinition
{
    /// <summary>The bot's token.</summary>
    [Description("The bot's token: env:TELEGRAM_BOT_TOKEN.")]
    public required SecretReference Token { get; init; }

    /// <summary>The chat to write to.</summary>
    [Description("The chat to write to: env:TELEGRAM_CHAT_ID.")]
    public required SecretReference Chat { get; init; }

    /// <summary>User ids that may answer questions.</summary>
    [Description("Telegram user ids that may answer questions.")]
    public IReadOnlyList<long> Approvers { get; init; } = [];

    /// <summary>Another Bot API server than Telegram's own.</summary>
    [Description("Another Bot API server than https://api.telegram.org.")]
    public Uri? Url { get; init; }
}

/// <summary>A door by which alerts come in: <c>POST /hooks/{name}</c>.</summary>
public sealed record HookDefinition
{
    /// <summary>Whose alerts they are.</summary>
    [Description("Whose alerts they are: kuma.")]
    public string Source { get; init; } = "kuma";

    /// <summary>The bearer token that the sender must show.</summary>
    [Description("The bearer token that the sender must show: env:HOOK_TOKEN.")]
    public required SecretReference Token { get; init; }
}

/// <summary>How the program itself runs.</summary>
public sealed record ServerDefinition
{
    /// <summary>Where it listens.</summary>
    [Description("Where it listens. Loopback by default; a tailnet address is configured here; 0.0.0.0 must be written out.")]
    public string Listen { get; init; } = "127.0.0.1:18789";

    /// <summary>The file that holds its state.</summary>
    [Description("The file that holds its state, relative to the lab file.")]
    public string State { get; init; } = "homelab.db";

    /// <summary>The PostgreSQL database that holds its state in place of the file, so that more than one host can serve this lab.</summary>
    [Description("A PostgreSQL database for the state in place of the file, so that more than one host can serve this lab: a secret that holds its connection string, env:HOMELAB_DATABASE.")]
    public SecretReference? Database { get; init; }

    /// <summary>How long a host may be silent before the others take over what it works on; with a database.</summary>
    [DurationRange("1s", "10m")]
    [Description("With a database: how long a host may be silent before the others take over what it works on. Longer than the longest restart, so that nobody looks while one is under way.")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>More folders of runbooks, besides the shipped ones.</summary>
    [Description("Folders of runbooks besides the shipped ones, relative to the lab file.")]
    public IReadOnlyList<string> Runbooks { get; init; } = [];

    /// <summary>How long important services are given to come back by themselves.</summary>
    [Description("How long important services are given to come back by themselves before we act.")]
    public TimeSpan ImportantDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long standard services are given to come back by themselves.</summary>
    [Description("How long standard services are given to come back by themselves before we act.")]
    public TimeSpan StandardDelay { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>When a service that comes and goes is watched rather than restarted.</summary>
    [Description("When a service that comes and goes is watched rather than restarted again and again.")]
    public FlappingDefinition Flapping { get; init; } = new();

    /// <summary>How often a sign of life is given.</summary>
    [DurationRange("1s", "1h")]
    [Description("How often a sign of life is written down, and told to whoever raises an alarm when none comes: a push monitor of Uptime Kuma.")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest alert body accepted, in bytes.</summary>
    [Range(1_024, 16_777_216)]
    [Description("The largest alert body accepted, in bytes.")]
    public int BodyLimit { get; init; } = 262_144;
}

/// <summary>When a service that comes and goes is watched rather than restarted again and again: after more changes than these within this time, until it has held for as long.</summary>
public sealed record FlappingDefinition
{
    /// <summary>So many changes are let pass.</summary>
    [Range(2, 1_000)]
    [Description("How many changes between up and down are let pass within that time; with one more it flaps.")]
    public int Changes { get; init; } = 6;

    /// <summary>Within which time they count, and how long it must hold afterwards.</summary>
    [DurationRange("1s", "1d")]
    [Description("The time within which they count; and how long the service must hold before its incident is closed.")]
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(10);
}
