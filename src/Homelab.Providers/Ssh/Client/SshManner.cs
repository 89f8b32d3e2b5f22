namespace Homelab.Providers.Ssh;

/// <summary>How ssh is used here. Tests use it otherwise.</summary>
internal sealed record SshManner
{
    /// <summary>The program.</summary>
    internal string Program { get; init; } = "ssh";

    /// <summary>True where many commands share one connection. OpenSSH for Windows cannot.</summary>
    internal bool Shares { get; init; } = !OperatingSystem.IsWindows();

    /// <summary>How often a connection that was lost before the command began is made anew.</summary>
    internal int Attempts { get; init; } = 2;

    /// <summary>How long a connection may take.</summary>
    internal TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a host is given to end what was given up, and a program that has ended to have said all.</summary>
    internal TimeSpan EndPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a shared connection stays with nothing to do. It also outlives us that long when we are killed.</summary>
    internal TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The one host that is logged in to by a password in place of a key; null where all have keys.</summary>
    internal SshPassword? Password { get; init; }
}

/// <summary>A password for one host.</summary>
/// <param name="Host">The host as the lab file names it. No other is ever given it.</param>
/// <param name="Answer">What tells it to ssh.</param>
internal sealed record SshPassword(string Host, AskPass Answer);
