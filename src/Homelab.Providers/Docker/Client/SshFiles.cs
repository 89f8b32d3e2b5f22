using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>The files that one ssh process reads: the key, and what the host's key must be.</summary>
internal sealed class SshFiles : IDisposable
{
    private DirectoryInfo? _folder;

    private SshFiles(string knownHosts) => KnownHosts = knownHosts;

    /// <summary>The file with the host's key.</summary>
    internal string KnownHosts { get; private set; }

    /// <summary>The private key; null to let ssh offer what it has.</summary>
    internal string? Key { get; private set; }

    /// <summary>Writes what is pinned or kept elsewhere into files that only we can read; they last as long as this object.</summary>
    internal static async Task<SshFiles> PrepareAsync(SshEndpoint endpoint, string basePath, ISecretSource secrets, CancellationToken cancellationToken)
    {
        var login = endpoint.Login;
        var files = new SshFiles(Path.GetFullPath(Path.Combine(basePath, login.KnownHosts ?? "known_hosts")));
        try
        {
            if (login.HostKey is not null)
            {
                // ssh looks up other ports than its own under this form.
                var name = login.Port == 22 ? endpoint.Server : $"[{endpoint.Server}]:{login.Port}";
                files.KnownHosts = await files.WriteAsync("known_hosts", $"{name} {login.HostKey.Trim()}\n", cancellationToken).ConfigureAwait(false);
            }

            if (login.Key is { Scheme: "file" } file)
            {
                files.Key = Path.GetFullPath(Path.Combine(basePath, file.Name));
                if (!File.Exists(files.Key)) throw DockerErrors.Unreachable(endpoint, $"the SSH key {file} is not there", inner: null);
            }
            else if (login.Key is not null)
            {
                var key = await secrets.ResolveAsync(login.Key, cancellationToken).ConfigureAwait(false);
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

    public void Dispose()
    {
        _folder?.Delete(recursive: true);
        _folder = null;
    }

    private async Task<string> WriteAsync(string name, string text, CancellationToken cancellationToken)
    {
        // The folder is made with mode 0700.
        _folder ??= Directory.CreateTempSubdirectory("homelab-ssh-");
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
