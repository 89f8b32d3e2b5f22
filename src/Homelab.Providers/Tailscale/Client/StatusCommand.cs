using System.ComponentModel;
using System.Diagnostics;

namespace Homelab.Providers.Tailscale;

/// <summary>The program <c>tailscale</c>, for systems where its service has no socket that we could use. Bounded in time and size.</summary>
/// <remarks><c>tailscale status --json</c>. It exits with 1 when Tailscale is stopped, and prints its JSON all the same.</remarks>
internal static class StatusCommand
{
    private const int LongestComplaint = 4096;

    /// <summary>What it printed; null when there is no such program.</summary>
    internal static async Task<ReadOnlyMemory<byte>?> RunAsync(string command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        start.ArgumentList.Add("status");
        start.ArgumentList.Add("--json");
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception e) when (e.NativeErrorCode is 2 or 3)
        {
            // ENOENT; Windows says "file not found" and "path not found" by the same numbers.
            return null;
        }
        catch (Win32Exception e)
        {
            throw TailscaleClient.Problem(ErrorKind.Denied, "TailscaleDenied", $"cannot be asked: {command} cannot be started ({ForeignText.Clean(e.Message, 200)})", "Look at the rights on it, and at providers.tailscale.command in the lab file.", e);
        }

        if (process is null) return null;
        using (process) return await ListenAsync(process, command, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ReadOnlyMemory<byte>> ListenAsync(Process process, string command, CancellationToken cancellationToken)
    {
        try
        {
            process.StandardInput.Close();
            var complaint = ReadAsync(process.StandardError.BaseStream, LongestComplaint, cancellationToken);
            var answer = await ReadAsync(process.StandardOutput.BaseStream, TailscaleClient.LargestAnswer, cancellationToken).ConfigureAwait(false);
            if (answer.Length > TailscaleClient.LargestAnswer)
            {
                throw TailscaleClient.Problem(ErrorKind.Failed, "TailscaleAnswerUnreadable", $"told more than {TailscaleClient.LargestAnswer / 1024 / 1024} MiB by {command}", "Look whether that is Tailscale's program.");
            }

            var said = await complaint.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (answer.Length > 0) return answer;
            throw TailscaleClient.Problem(
                ErrorKind.Unavailable,
                "TailscaleUnreachable",
                $"told nothing by {command} (exit code {process.ExitCode}){(said.Length == 0 ? "" : ": " + ForeignText.Clean(System.Text.Encoding.UTF8.GetString(said.Span), 300).TrimEnd('.'))}",
                "Look whether its service runs.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    // One byte more than allowed tells that it is too much.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (content.Length <= limit && await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read) content.Write(buffer, 0, read);
        return content.ToArray();
    }
}
