using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>Our file of known hosts, in ssh's own form. Written whole or not at all, for its owner alone; what it says of others stays as it is.</summary>
/// <param name="path">The file; it need not be there.</param>
internal sealed class KnownHosts(string path)
{
    // Two hosts that are trusted at the same time must not lose one another's line.
    private static readonly SemaphoreSlim s_writing = new(1, 1);

    internal string Path => path;

    /// <summary>The file for a host, whether it pins the key besides or not.</summary>
    internal static KnownHosts Of(SshLogin login, string basePath) => new(SshFiles.KnownHostsOf(login.Definition, basePath));

    /// <summary>What it says of a host.</summary>
    internal async Task<IReadOnlyList<KnownHostLine>> FindAsync(string name, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(static (text, index) => KnownHostLine.Read(text, index + 1)).OfType<KnownHostLine>().Where(l => l.Means(name) != KnownHostMatch.No)];

    /// <summary>Lets a host be known by this key and no other. Lines that revoke a key, and patterns, stay.</summary>
    internal async Task WriteAsync(HostKeyScan key, CancellationToken cancellationToken)
    {
        await s_writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var lines = new List<string>();
            var isThere = false;
            foreach (var (index, text) in (await ReadAsync(cancellationToken).ConfigureAwait(false)).Index())
            {
                if (KnownHostLine.Read(text, index + 1) is not { Vouches: true } line || line.Means(key.KnownAs) != KnownHostMatch.Name)
                {
                    lines.Add(text);
                }
                else if (line.Type == key.Type && line.Key == key.Key)
                {
                    isThere = true;
                    lines.Add(text);
                }
                else if (line.Without(key.KnownAs) is { } rest)
                {
                    lines.Add(rest);
                }
            }

            if (!isThere) lines.Add(key.Line);
            await ReplaceAsync(string.Join('\n', lines) + "\n", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            s_writing.Release();
        }
    }

    private async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return [];
        // Latin-1 keeps every byte of what is not ours to understand.
        var text = await File.ReadAllTextAsync(path, Encoding.Latin1, cancellationToken).ConfigureAwait(false);
        return text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }

    private async Task ReplaceAsync(string text, CancellationToken cancellationToken)
    {
        // A link stays one: the file behind it is what is written.
        var file = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
        var folder = System.IO.Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var fresh = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(file)}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            var stream = new FileStream(fresh, options);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, file, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }
}
