using Homelab.Lab.Ssh;

namespace Homelab.Lab.Hosts;

/// <summary>
/// What a simulated host does with the line that a client sends: it reads the words and plays the programs. The line of the product's client is a script around the words, which tells on the
/// error output when they begin, and ends them when its input ends; that is played too.
/// </summary>
internal sealed class HostShell(SimulatedHost host)
{
    private const int Terminated = 128 + 15;
    private const int FailedByItself = 255;

    private readonly HostPrograms _programs = new(host);

    /// <summary>Runs a line and gives the exit code.</summary>
    internal async Task<int> RunAsync(SshExec exec, CancellationToken cancellationToken)
    {
        if (ShellLine.Read(exec.Line) is not { Length: > 0 } words) return await EndAsync(exec, ProgramEnd.Fail("sh: 1: a simulated host reads plain words only\n", 2));
        if (words is not ["exec", "sh", "-c", var script, "homelab", var mark, .. var rest] || !script.Contains("echo \"$n\" >&2", StringComparison.Ordinal)) return await EndAsync(exec, await PlayAsync(words, exec, cancellationToken));
        await exec.WriteErrorAsync(mark + "\n");
        // What is spoken with is given its input; of all else its end means that nobody waits for it any more.
        var end = rest is ["docker", "system", "dial-stdio"] ? await PlayAsync(rest, exec, cancellationToken) : await WatchAsync(rest, exec, cancellationToken);
        await EndAsync(exec, end);
        // 255 is also what ssh says when the connection fails: the program's own one is marked.
        if (end.ExitCode == FailedByItself) await exec.WriteErrorAsync(mark + "\n");
        return end.ExitCode;
    }

    private async Task<ProgramEnd> WatchAsync(string[] words, SshExec exec, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var playing = PlayAsync(words, exec, ending.Token);
        await Task.WhenAny(playing, exec.InputEnded);
        if (!playing.IsCompleted) await ending.CancelAsync();
        try
        {
            return await playing;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProgramEnd(Terminated);
        }
    }

    private async Task<ProgramEnd> PlayAsync(string[] words, SshExec exec, CancellationToken cancellationToken)
    {
        var asRoot = words is ["sudo", "-n", "--", ..];
        if (asRoot) words = words[3..];
        var command = new HostCommand(words, asRoot);
        host.Note(command);
        switch (host.Fault)
        {
            case HostFault.Silent:
            case HostFault.Hang when command.IsChange:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                break;
            case HostFault.Slow:
                await Task.Delay(host.Delay, host.Time, cancellationToken);
                break;
            case HostFault.Deny when asRoot:
                return ProgramEnd.Fail("sudo: a password is required\n");
            case HostFault.Lie when command.IsChange:
                return ProgramEnd.Fine;
        }

        return await _programs.RunAsync(words, asRoot, exec, cancellationToken);
    }

    private static async Task<int> EndAsync(SshExec exec, ProgramEnd end)
    {
        await exec.WriteAsync(end.Output);
        await exec.WriteErrorAsync(end.Error);
        return end.ExitCode;
    }
}
