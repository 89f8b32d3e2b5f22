using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Homelab.Automation.Tapes;

/// <summary>Reads a tape line by line, however long it is. A line that cannot be read is told with its number, and the next one is read.</summary>
public static class TapeReader
{
    // An alert is bounded far below this; what is longer is no line of a tape.
    private const int LongestLine = 1_048_576;

    /// <summary>Reads a file.</summary>
    /// <exception cref="HomelabException"><c>TapeNotFound</c> (NotFound), <c>TapeUnreadable</c> (Failed).</exception>
    public static async IAsyncEnumerable<TapeReading> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = Open(path);
        await using (file.ConfigureAwait(false))
        {
            await foreach (var line in ReadAsync(file, cancellationToken).ConfigureAwait(false)) yield return line;
        }
    }

    /// <summary>Reads a stream of UTF-8.</summary>
    public static async IAsyncEnumerable<TapeReading> ReadAsync(Stream tape, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(tape, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 65_536, leaveOpen: true);
        var number = 0;
        var line = new StringBuilder();
        var buffer = new char[16_384];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            var start = 0;
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != '\n') continue;
                Append(line, buffer.AsSpan(start, i - start));
                start = i + 1;
                number++;
                if (Read(number, line) is { } done) yield return done;
                line.Clear();
            }

            Append(line, buffer.AsSpan(start, read - start));
        }

        if (line.Length > 0 && Read(number + 1, line) is { } last) yield return last;
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> text)
    {
        // One too many tells that it was longer.
        if (line.Length <= LongestLine) line.Append(text[..Math.Min(text.Length, LongestLine + 1 - line.Length)]);
    }

    private static TapeReading? Read(int number, StringBuilder text)
    {
        if (text.Length > LongestLine) return new TapeReading(number, null, $"it is longer than {LongestLine} characters");
        var line = text.ToString().Trim();
        // An empty line says nothing, and is what an editor leaves at the end.
        if (line.Length == 0) return null;
        try
        {
            var entry = JsonSerializer.Deserialize<TapeEntry>(line, HomelabJson.Options);
            return entry is { Alert: not null, Hook: not null, Source: not null } ? new TapeReading(number, entry, "") : new TapeReading(number, null, "it is no record with at, hook, source and alert");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            return new TapeReading(number, null, ForeignText.Clean(e.Message, 200));
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HomelabException(ErrorKind.NotFound, "TapeNotFound", $"There is no tape {path}. Name the file of server.tape, or make one with 'homelab tape'.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "TapeUnreadable", $"The tape {path} cannot be read: {e.Message}", path, e);
        }
    }
}
