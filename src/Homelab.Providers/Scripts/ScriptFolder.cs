using System.Security.Cryptography;

namespace Homelab.Providers.Scripts;

/// <summary>The one folder whose scripts may be run.</summary>
/// <param name="path">Absolute.</param>
internal sealed class ScriptFolder(string path)
{
    private const string Extension = ".ps1";
    private const int ShownLength = 200;

    /// <summary>Where it is.</summary>
    internal string Path { get; } = path;

    /// <summary>How many scripts there are.</summary>
    /// <exception cref="HomelabException"><c>ScriptFolderNotFound</c> (Invalid).</exception>
    internal int Count()
    {
        if (Directory.Exists(Path)) return Directory.EnumerateFiles(Path, "*" + Extension, SearchOption.AllDirectories).Count();
        throw new HomelabException(ErrorKind.Invalid, "ScriptFolderNotFound", $"There is no folder {Path}. Make it, or set providers.scripts.folder in the lab file.", Path) { NothingHappened = true };
    }

    /// <summary>A script by its path below the folder.</summary>
    /// <exception cref="HomelabException"><c>ScriptPathInvalid</c> (Invalid): no plain path of a script; <c>ScriptOutside</c> (Denied): a link leads out of the folder; <c>ScriptNotFound</c> (NotFound).</exception>
    internal async Task<Script> FindAsync(string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('/');
        if (parts.Any(static p => p is "" or "." or "..") || name.AsSpan().ContainsAny('\\', ':', '\0') || !ForeignText.IsClean(name) || !name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw Error(ErrorKind.Invalid, "ScriptPathInvalid", $"'{ForeignText.Clean(name, ShownLength)}' is no path of a script below {Path}.", "Write it like heal/cleanup.ps1: relative, with / between, without . and .. .");
        }

        var file = System.IO.Path.Combine([Path, .. parts]);
        if (!File.Exists(file)) throw Error(ErrorKind.NotFound, "ScriptNotFound", $"There is no script '{name}' in {Path}.", NearestName.Hint(name, [.. Names()]));
        var folder = Real(Path);
        var real = Real(file);
        if (!real.StartsWith(folder + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Error(ErrorKind.Denied, "ScriptOutside", $"The script '{name}' is a link that leads out of {Path}.", "Copy the script into the folder.");
        }

        try
        {
            using var content = File.OpenRead(real);
            return new Script(name, real, folder, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new HomelabException(ErrorKind.Denied, "ScriptUnreadable", $"The script '{name}' in {Path} cannot be read: {e.Message.TrimEnd('.')}. Let this account read it.", name, e) { NothingHappened = true };
        }
    }

    private IEnumerable<string> Names() =>
        Directory.Exists(Path) ? Directory.EnumerateFiles(Path, "*" + Extension, SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Path, f).Replace('\\', '/')) : [];

    // The path without links, part by part: a link may be a folder on the way.
    private static string Real(string path)
    {
        var root = System.IO.Path.GetPathRoot(path)!;
        var real = root;
        foreach (var part in path[root.Length..].Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = System.IO.Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
            if (info.ResolveLinkTarget(returnFinalTarget: true) is { } target) real = Real(target.FullName);
        }

        return real;
    }

    private static HomelabException Error(ErrorKind kind, string id, string what, string wayOut) => new(kind, id, $"{what} {wayOut}", what) { WayOut = wayOut, NothingHappened = true };
}

/// <summary>A script that may be run.</summary>
/// <param name="Name">Its path below the folder, with slashes.</param>
/// <param name="File">Where it is, without links.</param>
/// <param name="Folder">The folder of the scripts, without links.</param>
/// <param name="Sha256">Of its content, in hexadecimal digits.</param>
internal sealed record Script(string Name, string File, string Folder, string Sha256);
