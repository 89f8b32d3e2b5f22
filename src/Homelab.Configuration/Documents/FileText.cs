using System.Text;

namespace Homelab.Configuration;

/// <summary>Reads a file of bounded size as strict UTF-8.</summary>
internal static class FileText
{
    private const int LargestFile = 1 << 20;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or null after the problem was noted.</summary>
    internal static string? Read(string path, ProblemList problems)
    {
        problems.Enter(path);
        try
        {
            var bytes = ReadBounded(path);
            if (bytes.Length > LargestFile)
            {
                problems.Add(Start(path), "", "is larger than 1 MiB", "Split it with 'include', or check that it is the file you mean.");
                return null;
            }

            var text = s_strict.GetString(bytes).TrimStart('\uFEFF');
            return IsPrintable(path, text, problems) ? text : null;
        }
        catch (DecoderFallbackException e)
        {
            problems.Add(Start(path), "", $"is not UTF-8: byte {e.Index + 1} cannot be read", "Save it as UTF-8.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(Start(path), "", "does not exist", "Check the path.");
        }
        catch (UnauthorizedAccessException)
        {
            problems.Add(
                Start(path),
                "",
                Directory.Exists(path) ? "is a folder, not a file" : "must not be read by this user",
                "Check the path and the rights on the file.");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            problems.Add(Start(path), "", $"cannot be read: {e.Message.TrimEnd('.')}", "Check the path.");
        }

        return null;
    }

    internal static SourcePosition Start(string path) => new(path, 1, 1);

    private static byte[] ReadBounded(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        Span<byte> buffer = stackalloc byte[8_192];
        // The length a file claims is not asked: devices claim none and never end.
        while (content.Length <= LargestFile && file.Read(buffer) is > 0 and var length) content.Write(buffer[..length]);
        return content.ToArray();
    }

    // YAML 1.2, chapter 5.1. The parser takes a NUL for the end of the text and would drop all that follows without a word.
    private static bool IsPrintable(string path, string text, ProblemList problems)
    {
        int line = 1, column = 1;
        foreach (var character in text)
        {
            if (char.IsControl(character) && character is not ('\t' or '\n' or '\r' or '\u0085'))
            {
                problems.Add(
                    new SourcePosition(path, line, column),
                    "",
                    $"holds the control character U+{(int)character:X4}",
                    "Remove it; in quotes it may be written as an escape.");
                return false;
            }

            (line, column) = character == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return true;
    }
}
