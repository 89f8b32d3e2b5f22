using System.Net;

namespace Homelab.Providers.Ssh;

/// <summary>A key that shall be able to log in to a host, and the limits that it shall have.</summary>
/// <param name="Login">The host and the account.</param>
/// <param name="Reference">Where the private key is.</param>
/// <param name="Key">Its public half.</param>
/// <param name="Options">The limits, as a line of <c>authorized_keys</c> begins with them.</param>
internal sealed record KeyWish(SshLogin Login, SecretReference Reference, PublicKey Key, string Options)
{
    /// <summary>The line for <c>authorized_keys</c>.</summary>
    internal string Line => $"{Options} {Key.Line}".TrimStart();

    /// <summary>Reads what an input means.</summary>
    /// <exception cref="HomelabException">
    /// <c>HostNotFound</c>, <c>SshNotConfigured</c>; <c>SshKeyNotFound</c> (NotFound), <c>SshKeyUnreadable</c> (Invalid), <c>SshKeyChanged</c> (Conflict); <c>InputInvalid</c>.
    /// </exception>
    internal static async Task<KeyWish> ReadAsync(InstallKey.Input input, SshHosts hosts, ProviderContext lab, CancellationToken cancellationToken)
    {
        var login = hosts.LoginOf(input.Host);
        if (input.Password is not null && input.Using is not null) throw new InputException([new InputProblem("using", input.Using.ToString(), "is given beside a password", "Give one of them.")]);
        var reference = input.Key ?? login.Definition.Key ?? throw SshErrors.NotConfigured(login.Host, "the lab file names no key for it", $"Make one with New-HlSshKey {login.Host}, and give it by -Key or as hosts.{login.Host}.ssh.key.");
        var key = await PublicOfAsync(login, reference, lab, cancellationToken).ConfigureAwait(false);
        if (input.Fingerprint is { } wanted && wanted != key.Fingerprint)
        {
            throw new HomelabException(ErrorKind.Conflict, "SshKeyChanged", $"{reference} is {key.Fingerprint}, not {wanted}. Look which key is meant.", login.Host) { NothingHappened = true };
        }

        var isJump = lab.Lab.Hosts.Values.Any(h => string.Equals(h.Ssh?.Jump, login.Host, StringComparison.OrdinalIgnoreCase));
        return new KeyWish(login, reference, key, OptionsOf(input.From, input.Unrestricted, isJump));
    }

    /// <summary>The limits as a line begins with them.</summary>
    /// <param name="from">Addresses and networks.</param>
    /// <param name="unrestricted">True for none but those.</param>
    /// <param name="isJump">True for a host through which others are reached: it has to pass connections on.</param>
    internal static string OptionsOf(IReadOnlyList<string> from, bool unrestricted, bool isJump)
    {
        // It goes between quotes into a line that opens a door.
        if (from.FirstOrDefault(static n => !IsPlace(n)) is { } odd)
        {
            throw new InputException([new InputProblem("from", ForeignText.Clean(odd, 60), "is no address and no network", "Give it as 100.64.0.0/10, with no bit set behind the prefix, or 10.0.0.5.")]);
        }

        List<string> options = [];
        if (from.Count > 0) options.Add($"from=\"{string.Join(',', from)}\"");
        if (!unrestricted) options.Add(isJump ? "restrict,port-forwarding" : "restrict");
        return string.Join(',', options);
    }

    // sshd never accepts a key whose line has a network with a bit set behind its prefix.
    private static bool IsPlace(string text) =>
        IPNetwork.TryParse(text, out var network) ? IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)), out var first) && first.Equals(network.BaseAddress) : IPAddress.TryParse(text, out _);

    private static async Task<PublicKey> PublicOfAsync(SshLogin login, SecretReference reference, ProviderContext lab, CancellationToken cancellationToken)
    {
        var path = reference.Scheme == "file" ? Path.GetFullPath(Path.Combine(lab.BasePath, reference.Name)) : null;
        if (path is not null && !File.Exists(path))
        {
            throw new HomelabException(ErrorKind.NotFound, "SshKeyNotFound", $"There is no key {reference}. New-HlSshKey {login.Host} makes one.", login.Host) { NothingHappened = true };
        }

        using var files = await SshFiles.PrepareAsync(login with { Definition = login.Definition with { Key = reference } }, lab.BasePath, lab.Secrets, cancellationToken).ConfigureAwait(false);
        var (key, whyNot) = await KeyTool.ReadAsync(files.Key!, cancellationToken).ConfigureAwait(false);
        // A private key with a passphrase does not tell its public half; the file beside it does.
        if (key is null && path is not null && File.Exists(path + ".pub")) key = PublicKey.Read(await File.ReadAllTextAsync(path + ".pub", cancellationToken).ConfigureAwait(false));
        return key ?? throw new HomelabException(ErrorKind.Invalid, "SshKeyUnreadable", $"{reference} cannot be read as a private key: {whyNot}. Give the private key, not the public one; where it has a passphrase, its .pub must lie beside it.", login.Host) { NothingHappened = true };
    }
}
