using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Composition.Clients;

/// <summary>The file of an AI client, with one server's entry put in: everything else in it stays, byte for byte.</summary>
public sealed class ClientFile
{
    private const string Backup = ".bak";

    private static readonly byte[] s_mark = [0xEF, 0xBB, 0xBF];

    private readonly byte[] _was;
    private readonly byte[] _is;
    private readonly bool _exists;

    private ClientFile(string path, byte[] was, byte[] @is, bool exists)
    {
        Path = path;
        _was = was;
        _is = @is;
        _exists = exists;
    }

    /// <summary>The file, absolute; where it is a link, what it leads to.</summary>
    public string Path { get; }

    /// <summary>True when the entry is not there as it should be yet.</summary>
    public bool Changes => !_exists || !_was.AsSpan().SequenceEqual(_is);

    /// <summary>Reads a file and puts the entry in, in memory. A file that is not there begins empty.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="force">True to replace an entry of the same name that says something else.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">
    /// <c>ClientFileInvalid</c> (Invalid): it is no JSON, with line and column. <c>ClientEntryExists</c> (Conflict): an entry of that name says something else.
    /// <c>ClientFileNotReadable</c> (Failed).
    /// </exception>
    public static async Task<ClientFile> PlanAsync(string path, ClientEntry entry, bool force, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(entry);
        var (full, was, exists) = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        var hasMark = was.AsSpan().StartsWith(s_mark);
        byte[] text = hasMark ? was[s_mark.Length..] : was;
        var isBlank = text.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0;
        if (isBlank) return new ClientFile(full, was, Encoding.UTF8.GetBytes(entry.Render() + "\n"), exists);
        try
        {
            var with = Put(JsoncText.Read(text), full, entry, force);
            return new ClientFile(full, was, hasMark ? [.. s_mark, .. with.Bytes.Span] : with.Bytes.ToArray(), exists);
        }
        catch (JsonException e)
        {
            throw Invalid(full, $"line {e.LineNumber + 1}, column {ColumnOf(text, e)}: it is no JSON, comments allowed", e);
        }
        catch (FormatException e)
        {
            throw Invalid(full, e.Message, e);
        }
    }

    /// <summary>Writes it: whole or not at all, after a copy of what was there.</summary>
    /// <exception cref="HomelabException"><c>ClientFileNotWritable</c> (Failed).</exception>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        var making = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(Path)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(making, _is, cancellationToken).ConfigureAwait(false);
            if (_exists)
            {
                // What others could not read stays so.
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(making, File.GetUnixFileMode(Path));
                File.Copy(Path, Path + Backup, overwrite: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(making, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "ClientFileNotWritable", $"{Path} cannot be written: {e.Message.TrimEnd('.')}. Look at the rights on its folder, or give another -Path.", Path, e);
        }
        finally
        {
            if (File.Exists(making)) File.Delete(making);
        }
    }

    private static async Task<(string Path, byte[] Bytes, bool Exists)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            // Settings are often links into a folder that is kept elsewhere; the link must stay one.
            if (new FileInfo(full).LinkTarget is not null && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target) full = target.FullName;
            if (Directory.Exists(full)) throw Invalid(full, "that is a folder; name the file in it", inner: null);
            return File.Exists(full) ? (full, await File.ReadAllBytesAsync(full, cancellationToken).ConfigureAwait(false), true) : (full, [], false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "ClientFileNotReadable", $"{full} cannot be read: {e.Message.TrimEnd('.')}. Look at its rights, or give another -Path.", full, e);
        }
    }

    private static JsoncText Put(JsoncText text, string path, ClientEntry entry, bool force)
    {
        // VS Code keeps what it was told under the id: one that is there already is left as it is.
        if (entry.Input is { } input && !text.Elements(ClientEntries.Inputs).Any(i => i is JsonObject known && JsonNode.DeepEquals(known["id"], input["id"]))) text = text.WithElement(ClientEntries.Inputs, input);

        var found = text.Find(entry.Path);
        if (JsonNode.DeepEquals(found, entry.Value)) return text;
        if (found is not null && !force)
        {
            throw new HomelabException(
                ErrorKind.Conflict,
                "ClientEntryExists",
                $"{path}, line {text.LineOf(entry.Path)}: there is an entry '{entry.Path[^1]}' that says something else. Give another -Name, or -Force to replace it; what was there is kept in {System.IO.Path.GetFileName(path)}{Backup}.",
                path);
        }

        text = text.With(entry.Path, entry.Value);
        return JsonNode.DeepEquals(text.Find(entry.Path), entry.Value) ? text : throw new InvalidOperationException($"{path} would not say what was put into it.");
    }

    private static HomelabException Invalid(string path, string reason, Exception? inner) =>
        new(ErrorKind.Invalid, "ClientFileInvalid", $"{path}, {reason}. Nothing was written. Mend it, or leave out -Path and put the text in by hand.", path, inner);

    // What the parser counts are bytes; an editor shows characters.
    private static int ColumnOf(byte[] text, JsonException e)
    {
        var start = 0;
        for (var line = 0L; line < e.LineNumber; line++) start += text.AsSpan(start).IndexOf((byte)'\n') + 1;
        var length = (int)Math.Min(e.BytePositionInLine ?? 0, text.Length - start);
        return Encoding.UTF8.GetCharCount(text, start, length) + 1;
    }
}
