using System.Diagnostics;
using System.Globalization;

namespace Homelab.SystemTests.Docker;

/// <summary>A host that is logged in to by the <c>ssh</c> program: what the provider asks of it passes a real sshd and a real shell.</summary>
internal sealed class SshProgramHosts(Sshd sshd) : IRemoteHosts
{
    public IReadOnlyList<string> Hosts => ["dev"];

    /// <summary>What was run.</summary>
    internal List<IReadOnlyList<string>> Commands { get; } = [];

    public async Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken)
    {
        lock (Commands) Commands.Add(command.Words);
        var knownHosts = sshd.In("known_hosts");
        await File.WriteAllTextAsync(knownHosts, $"[127.0.0.1]:{sshd.Port} {sshd.HostKey}\n", cancellationToken);
        var start = new ProcessStartInfo("ssh") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] words =
        [
            "-F", "none", "-T", "-n", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", $"UserKnownHostsFile={knownHosts}", "-o", "IdentitiesOnly=yes", "-i", sshd.In("login_key"),
            "-p", sshd.Port.ToString(CultureInfo.InvariantCulture), "--", $"{Environment.UserName}@127.0.0.1", string.Join(' ', command.Words.Select(static w => "'" + w.Replace("'", "'\\''", StringComparison.Ordinal) + "'")),
        ];
        foreach (var word in words) start.ArgumentList.Add(word);
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new RemoteResult { Host = host, Words = command.Words, ExitCode = process.ExitCode, Output = await output, Error = error, Elapsed = TimeProvider.System.GetElapsedTime(began) };
    }

    public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => throw new NotSupportedException("No test speaks with a program this way.");
}
