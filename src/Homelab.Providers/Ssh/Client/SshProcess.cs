using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>Starts ssh, always with the same surroundings: its messages in English, and a shell for its own commands that we know.</summary>
internal static class SshProcess
{
    private const int LongestComplaint = 16 * 1024;

    /// <summary>Starts it.</summary>
    /// <param name="host">The host as messages name it.</param>
    /// <param name="manner">The program.</param>
    /// <param name="words">Its options.</param>
    /// <param name="connects">False where it uses a connection that is there.</param>
    /// <exception cref="HomelabException"><c>SshUnreachable</c> (Unavailable): there is no such program.</exception>
    internal static Process Start(string host, SshManner manner, IEnumerable<string> words, bool connects = true)
    {
        var start = new ProcessStartInfo(manner.Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        foreach (var word in words) start.ArgumentList.Add(word);
        if (manner.Password is { } password && password.Host == host) password.Answer.ApplyTo(start);
        // What goes over a connection that is there says nothing that depends on them, and a copy of the environment costs time.
        if (connects)
        {
            start.Environment["LC_ALL"] = "C";
            if (!OperatingSystem.IsWindows()) start.Environment["SHELL"] = "/bin/sh";
        }

        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("ssh did not start.");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw SshErrors.NoProgram(host, manner.Program, e);
        }
    }

    /// <summary>Runs it to its end without any input: what it complained about, and its exit code. Whoever cancels ends it, and so does a host that lets it hang.</summary>
    /// <param name="host">The host as messages name it.</param>
    /// <param name="manner">The program, and how long it may take.</param>
    /// <param name="words">Its options.</param>
    /// <param name="staysBehind">True where it leaves a connection behind when it ends well: that may hold the error output open, where ssh is old, and nobody asks what it said.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<(int ExitCode, string Said)> RunAsync(string host, SshManner manner, IEnumerable<string> words, bool staysBehind, CancellationToken cancellationToken)
    {
        // ssh's own limit holds until the host has said who it is, not while it logs in.
        using var deadline = new CancellationTokenSource(manner.ConnectTimeout * 2);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var process = Start(host, manner, words);
        process.StandardInput.Close();
        var said = new KeptOutput(LongestComplaint);
        using var givingUp = new CancellationTokenSource();
        var listening = said.ReadAsync(process.StandardError.BaseStream, whenFull: null, givingUp.Token);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return (SshEnding.Failed, "timed out while logging in");
        }

        // What it said is told only when all of it was heard: of half a complaint nobody reads the cause.
        if (staysBehind && process.ExitCode == 0) await givingUp.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(listening, Task.Delay(manner.EndPatience, CancellationToken.None)).ConfigureAwait(false);
        await givingUp.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        return (process.ExitCode, Encoding.UTF8.GetString(said.Kept));
    }
}
