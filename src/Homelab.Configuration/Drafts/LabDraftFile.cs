using System.Text;

namespace Homelab.Configuration;

/// <summary>Writes a first lab to disk: whole or not at all, for this account alone, and only when it can be read again.</summary>
public static class LabDraftFile
{
    /// <summary>Writes the file and reads it.</summary>
    /// <param name="draft">The lab.</param>
    /// <param name="path">The file; its folder is made when it is not there.</param>
    /// <param name="overwrite">True to replace a file that is there.</param>
    /// <param name="providerSettings">The record of each provider's settings, by the provider's name.</param>
    /// <param name="cancellationToken">Ends it before anything is replaced.</param>
    /// <exception cref="ConfigurationException">The draft makes no lab file that can be used; nothing was replaced. Holds every mistake with its place in the text.</exception>
    /// <exception cref="HomelabException"><c>LabFileExists</c> (Conflict); <c>LabFileNotWritable</c> (Failed).</exception>
    public static async Task<LabFile> WriteAsync(LabDraft draft, string path, bool overwrite, IReadOnlyDictionary<string, Type> providerSettings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (!overwrite && File.Exists(full)) throw Exists(full, inner: null);
        // The environment may fill what the draft leaves out; what is verified is the file.
        var reader = new LabReader(providerSettings, static _ => null);
        var folder = Path.GetDirectoryName(full) ?? full;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            await SaveAsync(temporary, LabDraftText.Of(draft), cancellationToken).ConfigureAwait(false);
            Verify(reader, temporary, full);
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, full, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else may have written it meanwhile.
            if (!overwrite && File.Exists(full)) throw Exists(full, e);
            throw new HomelabException(
                ErrorKind.Failed,
                "LabFileNotWritable",
                $"The lab file {full} cannot be written: {e.Message.TrimEnd('.')}. Look at the rights on its folder, or name another file.",
                full,
                e);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }

        return reader.Read(full);
    }

    private static async Task SaveAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
            // A file that replaces another must not be found empty after a loss of power.
            file.Flush(flushToDisk: true);
        }
    }

    // The mistakes are told as if they stood in the file that was asked for: the temporary one is gone when they are read.
    private static void Verify(LabReader reader, string temporary, string path)
    {
        try
        {
            reader.Read(temporary);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException([.. e.Problems.Select(p => p with { Position = p.Position with { File = p.Position.File == temporary ? path : p.Position.File } })]);
        }
    }

    private static HomelabException Exists(string path, Exception? inner) => new(
        ErrorKind.Conflict,
        "LabFileExists",
        $"There is a lab file {path} already, and it was left as it is. Name another file, or say that it is to be replaced.",
        path,
        inner)
    { NothingHappened = true };
}
