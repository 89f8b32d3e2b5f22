using System.Security.Cryptography;

namespace Homelab.Lab.Hosts;

/// <summary>A unit of systemd that exists only here.</summary>
/// <param name="name">Its name, with its suffix.</param>
/// <param name="description">What it says of itself.</param>
public sealed class SimulatedUnit(string name, string description)
{
    private const int InvocationBytes = 16;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>What it says of itself.</summary>
    public string Description => description;

    /// <summary>What it is doing, in systemd's words: <c>active</c>, <c>inactive</c>, <c>failed</c>.</summary>
    public string State { get; private set; } = "inactive";

    /// <summary>More exactly: <c>running</c>, <c>dead</c>, <c>failed</c>.</summary>
    public string SubState { get; private set; } = "dead";

    /// <summary>How its last run ended: <c>success</c>, <c>exit-code</c>.</summary>
    public string Result { get; private set; } = "success";

    /// <summary>The exit code of its last run.</summary>
    public int ExitCode { get; private set; }

    /// <summary>When it came into its state; null when it never was in another.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>When it was last started; null when never.</summary>
    public DateTimeOffset? ActiveSince { get; private set; }

    /// <summary>When its last run ended; null when none has.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What tells one of its runs from the next.</summary>
    public string InvocationId { get; private set; } = "";

    /// <summary>Its main process; 0 when it has none.</summary>
    public int MainPid { get; private set; }

    /// <summary>What it uses while it runs, in bytes.</summary>
    public long Memory { get; init; } = 12 * 1024 * 1024;

    /// <summary>Processor time that it seems to use while it runs, in percent of one core.</summary>
    public double CpuPercent { get; init; } = 0.1;

    /// <summary>The exit code with which it dies right after each start; null for one that stays.</summary>
    public int? DiesWith { get; set; }

    /// <summary>True while it runs.</summary>
    public bool IsActive => State == "active";

    /// <summary>Starts it, anew if it runs.</summary>
    internal void Start(DateTimeOffset now, int pid)
    {
        InvocationId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(InvocationBytes));
        (State, SubState, Result, MainPid, ExitCode) = ("active", "running", "success", pid, 0);
        (Since, ActiveSince) = (now, now);
        if (DiesWith is { } code) Fail(now, code);
    }

    /// <summary>It ends by itself, as if it had a bug.</summary>
    public void Fail(DateTimeOffset now, int exitCode = 1) => End(now, "failed", "failed", "exit-code", exitCode);

    /// <summary>It is stopped.</summary>
    internal void Stop(DateTimeOffset now) => End(now, "inactive", "dead", "success", 0);

    private void End(DateTimeOffset now, string state, string subState, string result, int exitCode)
    {
        (State, SubState, Result, ExitCode, MainPid) = (state, subState, result, exitCode, 0);
        (Since, EndedAt) = (now, now);
    }
}
