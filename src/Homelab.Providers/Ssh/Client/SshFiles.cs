using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>The files that ssh reads while it logs in: the key, and what the host's key must be.</summary>
internal sealed class SshFiles : IDisposable
{
    private DirectoryInfo? _folder;

    private SshFiles(string knownHosts) => KnownHosts = knownHosts;

    /// <summary>The file with the host's key.</summary>
    internal string KnownHosts { get; private set; }

    /// <summary>The private key; null to let ssh offer what the account and its agent have.</summary>
    internal string? Key { get; private set; }

    /// <summary>Writes what is pinned or kept elsewhere into files that only we can read; they last as long as this object.</summary>
    /// <exception cref="HomelabException"><c>SshNotConfigured</c> (Invalid): the key's file is not there; <c>SecretNotFound</c>.</exception>
    internal static async Task<SshFiles> PrepareAsync(SshLogin login, string basePath, ISecretSource secrets, CancellationToken cancellationToken)
    {
        var ssh = login.Definition;
        var files = new SshFiles(KnownHostsOf(ssh, basePath));
        try
        {
            if (ssh.HostKey is not null)
            {
                files.KnownHosts = await files.WriteAsync("known_hosts", $"{login.KnownAs} {ssh.HostKey.Trim()}\n", cancellationToken).ConfigureAwait(false);
            }

            if (ssh.Key is { Scheme: "file" } file)
            {
                files.Key = Path.GetFullPath(Path.Combine(basePath, file.Name));
                if (!File.Exists(files.Key)) throw SshErrors.NotConfigured(login.Host, $"its key {file} is not there", $"Look at hosts.{login.Host}.ssh.key.");
            }
            else if (ssh.Key is not null)
            {
                var key = await secrets.ResolveAsync(ssh.Key, cancellationToken).ConfigureAwait(false);
                // ssh takes a key only with its last line ended.
                files.Key = await files.WriteAsync("key", key.Reveal().TrimEnd() + "\n", cancellationToken).ConfigureAwait(false);
            }

            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The file that knows a host where the lab file does not pin its key.</summary>
    internal static string KnownHostsOf(SshDefinition ssh, string basePath) => Path.GetFullPath(Path.Combine(basePath, ssh.KnownHosts ?? "known_hosts"));

    /// <summary>An empty file of known hosts, into which ssh writes the key that a host shows.</summary>
    internal static SshFiles Empty()
    {
        var folder = PrivateFolder.Create();
        return new SshFiles(Path.Combine(folder.FullName, "known_hosts")) { _folder = folder };
    }

    public void Dispose()
    {
        _folder?.Delete(recursive: true);
        _folder = null;
    }

    private async Task<string> WriteAsync(string name, string text, CancellationToken cancellationToken)
    {
        _folder ??= PrivateFolder.Create();
        var path = Path.Combine(_folder.FullName, name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }

        return path;
    }
}
