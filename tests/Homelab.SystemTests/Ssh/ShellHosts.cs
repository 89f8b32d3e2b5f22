using System.Diagnostics;

namespace Homelab.SystemTests.Ssh;

/// <summary>
/// Machines without a network between: this one, with a choice of programs on the path, or a container, by <c>docker exec</c>. For what is asked of shells, tools and kernels, which is the
/// same however they are reached.
/// </summary>
/// <param name="before">What is put before each command; none for this machine.</param>
/// <param name="path">The path on this machine; its own when null.</param>
internal sealed class ShellHosts(IReadOnlyList<string> before, string? path = null) : IRemoteHosts
{
    internal const string Name = "dev";

    // docker's own words for a container that is going down or coming up.
    private static readonly string[] s_away = ["is not running", "is restarting", "No such container", "container is not", "cannot exec", "procReady", "ns_last_pid", "unable to start container process", "OCI runtime exec failed"];

    public IReadOnlyList<string> Hosts => [Name];

    public async Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken)
    {
        string[] words = [.. before, .. command.Words];
        var start = new ProcessStartInfo(Program(words[0]), words.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (path is not null) start.Environment["PATH"] = path;
        var began = TimeProvider.System.GetTimestamp();
        using var deadline = new CancellationTokenSource(command.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var error = process.StandardError.ReadToEndAsync(either.Token);
            var output = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            var said = await error;
            if (before.Count > 0 && process.ExitCode != 0 && s_away.Any(a => said.Contains(a, StringComparison.Ordinal))) throw new HomelabException(ErrorKind.Unavailable, "SshUnreachable", $"{host} cannot be reached: {said.Trim()}.", host);
            return new RemoteResult { Host = host, Words = command.Words, ExitCode = process.ExitCode, Output = output, Error = said, Elapsed = TimeProvider.System.GetElapsedTime(began) };
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new HomelabException(ErrorKind.Timeout, "CommandTimeout", $"{words[0]} was ended on {host}.", host);
        }
    }

    public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => throw new NotSupportedException("Nobody is spoken with here.");

    // The path of the machine is not that of this process.
    private string Program(string word) => path is not null && before.Count == 0 ? Path.Combine(path.Split(':')[0], word) : word;
}
