using System.Text;

namespace Homelab.Configuration;

/// <summary>Opens <c>env:</c> and <c>file:</c> references, <c>vault:</c> ones where there is a vault, and teaches the redactor every secret it opens.</summary>
/// <param name="basePath">The folder where relative <c>file:</c> paths start: that of the lab file.</param>
/// <param name="redactor">Learns what must not be printed.</param>
/// <param name="environment">Reads an environment variable; null when it is not set.</param>
/// <param name="vault">Opens <c>vault:</c> references; null where this process has no vault.</param>
public sealed class SecretSource(string basePath, SecretRedactor redactor, Func<string, string?> environment, ISecretVault? vault = null) : ISecretSource
{
    private const int LargestFile = 65_536;
    private const int BufferSize = 4_096;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    /// <exception cref="HomelabException">
    /// <c>SecretNotFound</c> (NotFound): nothing is there. <c>SecretNotReadable</c> (Unavailable): it is there and cannot be read.
    /// <c>VaultNotAvailable</c> (Unavailable): this process was given no vault.
    /// </exception>
    public async ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var value = reference.Scheme switch
        {
            "env" => environment(reference.Name) ?? throw NotFound(reference, "the environment variable is not set. Set it for this process"),
            "file" => await ReadFileAsync(reference, cancellationToken).ConfigureAwait(false),
            _ when vault is not null => await vault.OpenAsync(reference, cancellationToken).ConfigureAwait(false) ?? throw NotFound(reference, "the vault holds nothing of that name. Store it there: Set-Secret"),
            _ => throw new HomelabException(
                ErrorKind.Unavailable,
                "VaultNotAvailable",
                $"The secret {reference} cannot be opened here: only the PowerShell module reaches a vault, through SecretManagement. Start the program by the module's Start-HlListener, which hands the secrets over, or use env: or file: here.",
                reference.ToString()),
        };
        if (value.Length == 0) throw NotFound(reference, "it is empty. Give it a value");

        var secret = new Secret(value);
        redactor.Learn(secret);
        return secret;
    }

    private async Task<string> ReadFileAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await ReadBoundedAsync(Path.Combine(basePath, reference.Name), cancellationToken).ConfigureAwait(false);
            if (bytes.Length > LargestFile) throw NotReadable(reference, "the file is larger than 64 KiB. Check that it is the right one", null);
            // Editors end a file with a newline; no token or key has one that matters.
            return s_strict.GetString(bytes).TrimStart('\uFEFF').TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(reference, $"there is no such file below {basePath}. Create it, readable by this user alone");
        }
        catch (DecoderFallbackException e)
        {
            // The cause is left out: it names bytes of the secret.
            throw NotReadable(reference, $"the file is not UTF-8 text, first at byte {e.Index + 1}", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw NotReadable(reference, "the file cannot be read. Check the path and the rights on it", e);
        }
    }

    private static async Task<byte[]> ReadBoundedAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            var buffer = new byte[LargestFile + 1];
            var length = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return buffer[..length];
        }
    }

    private static HomelabException NotFound(SecretReference reference, string why) =>
        new(ErrorKind.NotFound, "SecretNotFound", $"The secret {reference} was not found: {why}.", reference.ToString());

    private static HomelabException NotReadable(SecretReference reference, string why, Exception? cause) =>
        new(ErrorKind.Unavailable, "SecretNotReadable", $"The secret {reference} cannot be opened: {why}.", reference.ToString(), cause);
}
