namespace Homelab.Composition.Access;

/// <summary>The file in which a new key is handed over: below the folder of the lab file, for its owner alone.</summary>
internal sealed class KeyFile
{
    private readonly string _full;

    /// <exception cref="InputException"><c>InputInvalid</c>: the path leads elsewhere.</exception>
    internal KeyFile(string folder, string path)
    {
        // Whoever may make keys may not lay files anywhere.
        var root = Path.GetFullPath(folder);
        _full = Path.GetFullPath(Path.Combine(root, path));
        var below = Path.GetRelativePath(root, _full);
        if (Path.IsPathRooted(path) || Path.IsPathRooted(below) || below.Split('/', '\\')[0] is "." or ".." || path.AsSpan().ContainsAny('"', '\n', '\r') || Path.EndsInDirectorySeparator(_full))
        {
            throw new InputException([new InputProblem("path", path, "is not below the folder of the lab file", "Give a relative path such as keys/claude.key.")]);
        }
    }

    /// <summary>The key that lies there, if that is all there is; an empty text where there is no file; null where there is something else.</summary>
    internal async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_full)) return null;
        if (!File.Exists(_full)) return "";
        const int Longest = 200;
        if (new FileInfo(_full).Length > Longest) return null;
        var text = (await File.ReadAllTextAsync(_full, cancellationToken).ConfigureAwait(false)).Trim();
        return text.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace) ? text : null;
    }

    /// <summary>Writes the key: whole or not at all.</summary>
    internal async Task WriteAsync(string secret, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(_full)!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var making = Path.Combine(folder, $".new-{Guid.NewGuid():N}");
        try
        {
            var writer = new StreamWriter(making, options);
            await using (writer.ConfigureAwait(false))
            {
                await writer.WriteLineAsync(secret.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            File.Move(making, _full, overwrite: true);
        }
        finally
        {
            File.Delete(making);
        }
    }

    internal void Delete() => File.Delete(_full);
}
