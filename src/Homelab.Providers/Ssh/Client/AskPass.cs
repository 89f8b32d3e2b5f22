using System.Diagnostics;

namespace Homelab.Providers.Ssh;

/// <summary>
/// Answers when ssh or ssh-keygen ask for a secret: by a small program that they start, and that prints what only its environment holds. So it stands in no command line and no file,
/// and nobody has to sit at a terminal.
/// </summary>
internal sealed class AskPass : IDisposable
{
    private const string Variable = "HOMELAB_ANSWER";

    // What else might be asked, such as for a one-time code or for a new password, is not this secret's business.
    private const string Script = "#!/bin/sh\ncase $1 in *[Nn]ew\\ *) exit 1 ;; *[Pp]assword*|*[Pp]assphrase*) printf '%s\\n' \"$" + Variable + "\" ;; *) exit 1 ;; esac\n";

    private readonly Secret _secret;
    private readonly DirectoryInfo _folder;

    private AskPass(Secret secret, DirectoryInfo folder)
    {
        _secret = secret;
        _folder = folder;
    }

    private string Program => Path.Combine(_folder.FullName, "answer");

    /// <summary>Lays the program into a folder that only we can read.</summary>
    /// <exception cref="HomelabException"><c>SecretUnusable</c> (Invalid): it has several lines, which nobody can type either.</exception>
    internal static async Task<AskPass> OfAsync(Secret secret, SecretReference reference, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows()) throw new HomelabException(ErrorKind.Invalid, "SecretUnusable", $"{reference} cannot be given to ssh on Windows. Use a key.", reference.ToString()) { NothingHappened = true };
        if (secret.Reveal().AsSpan().ContainsAny('\n', '\r', '\0')) throw new HomelabException(ErrorKind.Invalid, "SecretUnusable", $"{reference} has several lines, and is no password. Look at what it refers to.", reference.ToString()) { NothingHappened = true };
        var answer = new AskPass(secret, PrivateFolder.Create());
        await File.WriteAllTextAsync(answer.Program, Script, cancellationToken).ConfigureAwait(false);
        File.SetUnixFileMode(answer.Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return answer;
    }

    /// <summary>Lets a process ask it, and nobody else.</summary>
    internal void ApplyTo(ProcessStartInfo start)
    {
        start.Environment["SSH_ASKPASS"] = Program;
        start.Environment["SSH_ASKPASS_REQUIRE"] = "force";
        start.Environment[Variable] = _secret.Reveal();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
