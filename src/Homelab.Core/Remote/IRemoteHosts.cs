namespace Homelab;

/// <summary>
/// The way to run programs on the lab's machines. It carries commands and decides nothing: who may run what is for the gate and the command policy, before anything comes here.
/// Connections are kept and shared; the host's key must be a known one, and its address one that <c>policy.ssh.networks</c> allows.
/// </summary>
public interface IRemoteHosts
{
    /// <summary>The hosts of the lab that can be logged in to, by name.</summary>
    IReadOnlyList<string> Hosts { get; }

    /// <summary>Runs a program to its end. A cancelled caller ends the program on the host too.</summary>
    /// <param name="host">The host as the lab file names it.</param>
    /// <param name="command">What to run.</param>
    /// <param name="cancellationToken">Ends the program on the host and the wait for it.</param>
    /// <exception cref="HomelabException">
    /// <c>HostNotFound</c> (NotFound); <c>SshNotConfigured</c>, <c>CommandInvalid</c> (Invalid): no program, NUL, or too long; <c>SshUnreachable</c> (Unavailable): refused, silent, no route, name not resolved; <c>SshNetworkDenied</c>
    /// (Denied): the address lies in no allowed network; <c>HostKeyUnknown</c>, <c>HostKeyChanged</c> (Denied), with the fingerprint and what to do; <c>SshDenied</c> (Denied): the login
    /// was not accepted. With all of these nothing was run. <c>SshConnectionLost</c> (Unavailable): the connection ended while the program ran; <c>CommandTimeout</c> (Timeout): it
    /// was ended on the host.
    /// </exception>
    Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken);

    /// <summary>Runs a program and speaks with it: what is written goes to its input, what is read is its output. Disposing the stream ends it.</summary>
    /// <param name="host">The host as the lab file names it.</param>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait for the connection.</param>
    /// <exception cref="HomelabException">As for <see cref="RunAsync"/>; that the program itself fails shows in the stream's end.</exception>
    Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken);
}

/// <summary>A program on a host that is spoken with.</summary>
public interface IRemoteTalk : IAsyncDisposable
{
    /// <summary>Its input and output, in one. It ends when the program does.</summary>
    Stream Stream { get; }

    /// <summary>What it wrote to its error output, at most its last 20 lines, cleaned for people; waits a moment for a program that is about to end.</summary>
    Task<string> LastWordsAsync();
}

/// <summary>A program to run on a host. No shell reads the words: they arrive there as they are.</summary>
/// <param name="Words">The program and its arguments.</param>
public sealed record RemoteCommand(IReadOnlyList<string> Words)
{
    /// <summary>What it is given as input; none when null.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>How long it may take. Afterwards it is ended on the host.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of each output are kept; the rest is dropped, and the result says so.</summary>
    public int MaxOutput { get; init; } = 1_048_576;

    /// <summary>True to end the program once an output is full: for what only looks.</summary>
    public bool EndsWhenFull { get; init; }

    /// <summary>True for what only root may do: it goes through <c>sudo -n</c> where the host's <c>ssh.sudo</c> says so.</summary>
    public bool AsRoot { get; init; }

    /// <summary>A program and its arguments.</summary>
    public static RemoteCommand Of(params IReadOnlyList<string> words) => new(words);
}

/// <summary>How a program on a host ended, and what it said.</summary>
public sealed record RemoteResult
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Its exit code, 0 to 255; 128 and more where a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What it wrote to its output, read as UTF-8.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote to its error output, read as UTF-8.</summary>
    public string Error { get; init; } = "";

    /// <summary>True when more was written than was kept.</summary>
    public bool Truncated { get; init; }

    /// <summary>From the wish to the end, connecting included.</summary>
    public TimeSpan Elapsed { get; init; }
}
