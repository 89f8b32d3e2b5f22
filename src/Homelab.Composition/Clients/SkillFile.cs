using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Homelab.Composition.Clients;

/// <summary>A SKILL.md on disk. Its last line is a seal: by it, one that a person has edited is told from one that only we have written.</summary>
public sealed partial class SkillFile
{
    private const string FileName = "SKILL.md";

    private readonly string _text;

    private SkillFile(string path, string text, bool changes)
    {
        Path = path;
        _text = text;
        Changes = changes;
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>True when it is not there as it should be yet.</summary>
    public bool Changes { get; }

    /// <summary>Compares what is there with what should be.</summary>
    /// <param name="folder">The folder of all skills, absolute.</param>
    /// <param name="name">The skill.</param>
    /// <param name="text">Its text.</param>
    /// <param name="force">True to replace what a person has edited.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException"><c>SkillEdited</c> (Conflict): somebody else has written there. <c>SkillNotReadable</c> (Failed).</exception>
    public static async Task<SkillFile> PlanAsync(string folder, string name, string text, bool force, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(text);
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), name, FileName);
        var seal = text + SealOf(text);
        try
        {
            if (!File.Exists(path)) return new SkillFile(path, seal, changes: true);
            // Tools that check files out may have changed line ends; nobody means anything by that.
            var was = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).ReplaceLineEndings("\n");
            if (was == seal) return new SkillFile(path, seal, changes: false);
            if (force || IsOurs(was)) return new SkillFile(path, seal, changes: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "SkillNotReadable", $"{path} cannot be read: {e.Message.TrimEnd('.')}. Look at its rights, or give another -Path.", path, e);
        }

        throw new HomelabException(ErrorKind.Conflict, "SkillEdited", $"{path} was written or edited by somebody else and is left as it is. Give another -Path, or -Force to replace it.", path);
    }

    /// <summary>Writes it: whole or not at all.</summary>
    /// <exception cref="HomelabException"><c>SkillNotWritable</c> (Failed).</exception>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        var making = System.IO.Path.Combine(folder, $".{FileName}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(making, _text, cancellationToken).ConfigureAwait(false);
            File.Move(making, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "SkillNotWritable", $"{Path} cannot be written: {e.Message.TrimEnd('.')}. Look at the rights on its folder, or give another -Path.", Path, e);
        }
        finally
        {
            if (File.Exists(making)) File.Delete(making);
        }
    }

    private static string SealOf(string text) => $"\n<!-- Written by Export-HlSkill, sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}. A file that was edited is not overwritten. -->\n";

    private static bool IsOurs(string text) => SealPattern().Match(text) is { Success: true } seal && seal.Value == SealOf(text[..seal.Index]);

    [GeneratedRegex(@"\n<!-- Written by Export-HlSkill, sha256 [0-9a-f]{64}\.[^\n]*\n\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SealPattern();
}
