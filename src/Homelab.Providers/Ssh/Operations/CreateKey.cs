using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Ssh;

/// <summary>Makes a key pair to log in with, beside the lab file.</summary>
/// <remarks><c>ssh-keygen -t ed25519</c>. A passphrase goes by <c>SSH_ASKPASS</c>, never by the command line.</remarks>
[Operation("ssh_create_key", Level.Manage, Risk.Change)]
[Description("Makes an SSH key pair (ed25519) in a folder beside the lab file that only its owner can read. Never overwrites a key.")]
[Example("New-HlSshKey dev", "Make keys/dev_ed25519 and keys/dev_ed25519.pub.")]
[Example("New-HlSshKey dev -Passphrase vault:dev-key | Format-List", "Make a key that needs a passphrase, and so an agent, and show the line for the lab file.")]
public sealed class CreateKey(ProviderContext lab) : Change<CreateKey.Input, SshKey>
{
    private const string Absent = "absent";
    private const int ShortestPassphrase = 5;

    /// <summary>Which key.</summary>
    public sealed record Input
    {
        /// <summary>What it is for.</summary>
        [Subject, NameOf("host"), Description("What it is for: a host of the lab, or any other name."), RegularExpression("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
        public required string Name { get; init; }

        /// <summary>The file.</summary>
        [Description("The file, below the folder of the lab file. keys/<name>_ed25519 when not given.")]
        public string? Path { get; init; }

        /// <summary>What it says of itself.</summary>
        [Description("What the public key says of itself. homelab-<name> when not given."), RegularExpression(@"^[^\p{C}]+$"), StringLength(100)]
        public string? Comment { get; init; }

        /// <summary>The passphrase.</summary>
        [Description("A passphrase, as a secret reference: env:NAME, file:path or vault:name. A key with one is used through an agent only.")]
        public SecretReference? Passphrase { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Make SSH key", new Target("key", PathOf(input)));

    /// <inheritdoc/>
    protected override Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var path = FullPathOf(input);
        if (File.Exists(path) || Directory.Exists(path) || File.Exists(path + ".pub"))
        {
            throw new HomelabException(ErrorKind.Conflict, "KeyExists", $"{PathOf(input)} is there already, and no key is ever overwritten. Use it, or give another -Path.", PathOf(input)) { NothingHappened = true };
        }

        return Task.FromResult(new Prepared<Input>(input with { Path = PathOf(input), Comment = input.Comment ?? "homelab-" + input.Name }, Absent));
    }

    /// <inheritdoc/>
    protected override async Task<SshKey> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var path = FullPathOf(input);
        var comment = input.Comment ?? "homelab-" + input.Name;
        using var passphrase = input.Passphrase is { } reference ? await AnswerAsync(reference, cancellationToken).ConfigureAwait(false) : null;
        var folder = Path.GetDirectoryName(path)!;
        MakePrivate(folder);
        // In a folder of its own first: a key that was half written never has its name.
        var making = Path.Combine(folder, $".new-{Guid.NewGuid():N}");
        MakePrivate(making);
        try
        {
            var made = Path.Combine(making, "key");
            await KeyTool.MakeAsync(made, comment, passphrase, cancellationToken).ConfigureAwait(false);
            var key = PublicKey.Read(await File.ReadAllTextAsync(made + ".pub", cancellationToken).ConfigureAwait(false));
            var (opened, whyNot) = await KeyTool.ReadAsync(made, cancellationToken).ConfigureAwait(false);
            // Without a passphrase it must open to what was made; with one it must not open at all.
            if (key is null || (passphrase is null ? opened?.Key != key.Key : opened is not null)) throw new HomelabException(ErrorKind.Failed, "SshKeyFailed", $"What ssh-keygen made is not the key that was wanted: {whyNot}.", PathOf(input));
            File.Move(made + ".pub", path + ".pub", overwrite: false);
            File.Move(made, path, overwrite: false);
            context.SayActed();
            return Told(input, key, passphrase is not null);
        }
        finally
        {
            Directory.Delete(making, recursive: true);
        }
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        var path = FullPathOf(input);
        return Task.FromResult(mark != Absent ? Settlement.Unknown : (File.Exists(path), File.Exists(path + ".pub")) switch
        {
            (true, true) => Settlement.Happened,
            (false, false) => Settlement.DidNotHappen,
            _ => Settlement.Unknown,
        });
    }

    private static SshKey Told(Input input, PublicKey key, bool hasPassphrase) => new()
    {
        Path = PathOf(input),
        PublicKey = key.Line,
        Fingerprint = key.Fingerprint,
        Comment = key.Comment,
        HasPassphrase = hasPassphrase,
        LabLine = $"key: \"file:{PathOf(input)}\"",
        Warning = hasPassphrase
            ? null
            : $"{PathOf(input)} has no passphrase: whoever can read it can log in with it. What limits that: an account of its own with few rights, and restrict and from= in its authorized_keys, which Install-HlSshKey writes. The command policy holds only for what goes through here.",
    };

    private async Task<AskPass> AnswerAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        var secret = await lab.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
        if (secret.Reveal().Length < ShortestPassphrase) throw new InputException([new InputProblem("passphrase", reference.ToString(), "is shorter than ssh-keygen takes", $"Keep a text of at least {ShortestPassphrase} characters there.")]);
        return await AskPass.OfAsync(secret, reference, cancellationToken).ConfigureAwait(false);
    }

    private static string PathOf(Input input) => input.Path ?? $"keys/{input.Name}_ed25519";

    // Whoever may make keys may not lay files anywhere.
    private string FullPathOf(Input input)
    {
        var root = Path.GetFullPath(lab.BasePath);
        var path = Path.GetFullPath(Path.Combine(root, PathOf(input)));
        var below = Path.GetRelativePath(root, path);
        if (Path.IsPathRooted(PathOf(input)) || Path.IsPathRooted(below) || below.Split('/', '\\')[0] is "." or ".." || path.AsSpan().ContainsAny('"', '\n', '\r') || Path.EndsInDirectorySeparator(path))
        {
            throw new InputException([new InputProblem("path", PathOf(input), "is not below the folder of the lab file", "Give a relative path such as keys/dev_ed25519.")]);
        }

        return path;
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
