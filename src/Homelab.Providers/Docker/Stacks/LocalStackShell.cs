using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>The shell of this machine, for stacks of its own engine.</summary>
internal sealed class LocalStackShell(string host, string engine, TimeProvider time) : IStackShell
{
    // The folder with the account's logins at registries.
    private const string Logins = "DOCKER_CONFIG";

    // What a program leaves behind may hold its outputs for ever; what it said itself is there at once, and is read late only on a machine that is busy.
    private static readonly TimeSpan s_afterEnd = TimeSpan.FromSeconds(10);

    public string Host => host;

    public async Task<RemoteResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var process = Start(command.Words);
        var output = ReadAsync(process.StandardOutput.BaseStream, command.MaxOutput);
        var error = ReadAsync(process.StandardError.BaseStream, command.MaxOutput);
        using var over = new CancellationTokenSource(command.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            await FeedAsync(process, command.Input ?? default, either.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new HomelabException(ErrorKind.Timeout, "CommandTimeout", $"{command.Words[0]} on {host} did not end within {Duration.Format(command.Timeout)}, and was ended.", host);
        }

        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(s_afterEnd, time, CancellationToken.None)).ConfigureAwait(false);
        var (told, aside) = (await Told(output).ConfigureAwait(false), await Told(error).ConfigureAwait(false));
        return new RemoteResult { Host = host, Words = command.Words, ExitCode = process.ExitCode, Output = told.Text, Error = aside.Text, Truncated = told.Cut || aside.Cut, Elapsed = time.GetElapsedTime(began) };

        // What is still being written is not waited for: the program itself has ended.
        static Task<(string Text, bool Cut)> Told(Task<(string Text, bool Cut)> reading) => reading.IsCompleted ? reading : Task.FromResult(("", true));
    }

    private Process Start(IReadOnlyList<string> words)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        // Compose puts variables of its environment into what it reads, and what it reads a caller may have written.
        BareEnvironment.Give(start, Environment.GetEnvironmentVariable);
        if (Environment.GetEnvironmentVariable(Logins) is { } logins) start.Environment[Logins] = logins;
        // The engine that the lab file names, whatever context the account has chosen.
        start.Environment["DOCKER_HOST"] = engine;
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new HomelabException(ErrorKind.Failed, "StackShellMissing", $"{words[0]} could not be started on {host}: {e.Message.TrimEnd('.')}. Look whether it runs at a prompt.", host, e) { NothingHappened = true };
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it had read all; how it ended says why.
        }
    }

    private static async Task<(string Text, bool Cut)> ReadAsync(Stream stream, int most)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var cut = false;
        while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
        {
            var room = (int)Math.Min(read, most - kept.Length);
            cut |= room < read;
            kept.Write(buffer, 0, room);
        }

        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), cut);
    }
}
