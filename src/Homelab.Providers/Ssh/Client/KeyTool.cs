using System.ComponentModel;
using System.Diagnostics;

namespace Homelab.Providers.Ssh;

/// <summary>OpenSSH's <c>ssh-keygen</c>: it makes keys and reads private ones. It never asks anybody.</summary>
internal static class KeyTool
{
    private const string Program = "ssh-keygen";

    /// <summary>Makes a key pair of type ed25519 at a path where nothing is.</summary>
    /// <param name="path">The private key; absolute.</param>
    /// <param name="comment">What it says of itself.</param>
    /// <param name="passphrase">What tells the passphrase; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException"><c>SshKeyFailed</c> (Failed), <c>SshKeygenMissing</c> (Unavailable).</exception>
    internal static async Task MakeAsync(string path, string comment, AskPass? passphrase, CancellationToken cancellationToken)
    {
        // An empty passphrase is no secret; another one never stands in a command line.
        string[] words = ["-q", "-t", "ed25519", "-C", comment, "-f", path, .. passphrase is null ? (string[])["-N", ""] : []];
        var (exitCode, _, error) = await RunAsync(words, passphrase, cancellationToken).ConfigureAwait(false);
        if (exitCode != 0) throw new HomelabException(ErrorKind.Failed, "SshKeyFailed", $"ssh-keygen made no key: {SshErrors.Last(error)}.", path);
    }

    /// <summary>The public half of a private key, or why it cannot be told: it has a passphrase, others may read it, it is none.</summary>
    internal static async Task<(PublicKey? Key, string WhyNot)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await RunAsync(["-y", "-P", "", "-f", path], passphrase: null, cancellationToken).ConfigureAwait(false);
        return exitCode == 0 ? (PublicKey.Read(output), "") : (null, SshErrors.Last(error));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(IReadOnlyList<string> words, AskPass? passphrase, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, CreateNoWindow = true };
        start.Environment["LC_ALL"] = "C";
        start.Environment["SSH_ASKPASS_REQUIRE"] = "never";
        passphrase?.ApplyTo(start);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new HomelabException(ErrorKind.Unavailable, "SshKeygenMissing", "The program 'ssh-keygen' cannot be started. Install an OpenSSH client.", Program, e) { NothingHappened = true };
        }

        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
    }
}
