using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Homelab.Automation.Tapes;

/// <summary>Reads a tape: one JSON record a line, <c>{"at":…,"hook":…,"source":…,"alert":{…}}</c>. What else a line holds is passed over.</summary>
public static class TapeText
{
    private const int LongestLine = 1024 * 1024;

    /// <summary>Every line, as it is read. An empty line is none.</summary>
    /// <exception cref="HomelabException"><c>TapeUnreadable</c> (Invalid): names the line and what is wrong with it.</exception>
    public static async IAsyncEnumerable<TapeLine> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var number = 0;
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) yield return Read(line, number);
        }
    }

    private static TapeLine Read(string line, int number)
    {
        if (line.Length > LongestLine) throw Unreadable(number, $"is longer than {LongestLine} characters", inner: null);
        try
        {
            return JsonSerializer.Deserialize<TapeLine>(line, HomelabJson.Options) is { Alert: not null } read ? read : throw Unreadable(number, "holds no alert", inner: null);
        }
        catch (JsonException e)
        {
            throw Unreadable(number, $"cannot be read: {e.Message.Split(" Path:")[0].TrimEnd('.')}", e);
        }
    }

    private static HomelabException Unreadable(int number, string what, Exception? inner)
    {
        const string WayOut = "Each line is a record with at and alert, as server.tape writes it.";
        return new HomelabException(ErrorKind.Invalid, "TapeUnreadable", $"Line {number} of the tape {what}. {WayOut}", $"line {number}", inner) { WayOut = WayOut };
    }
}
