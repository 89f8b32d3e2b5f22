namespace Homelab.Providers.Beszel;

/// <summary>Reads a notification: its title, an empty line, a sentence, an empty line, a link. The title says it all; it is written for people, so that only known forms are read.</summary>
internal static class BeszelNotice
{
    private const int LongestText = 8192;
    private const string Connection = "Connection to ";

    // As the title ends: "above threshold" fires and "below threshold" resolves, but for batteries, where it is the other way round.
    private static readonly (string Words, string Resource)[] s_measures =
    [
        (" CPU", "cpu"), (" memory", "memory"), (" disk usage", "disk"), (" temperature", "temperature"), (" bandwidth", "bandwidth"), (" GPU", "gpu"),
        (" 15m load", "cpu"), (" 5m load", "cpu"), (" 1m load", "cpu"), (" battery", "battery"),
    ];

    internal static Alert Read(string text, DateTimeOffset receivedAt)
    {
        if (text.Length > LongestText) throw BeszelAlertSource.Json.Unreadable($"it is {text.Length} characters long; expected at most {LongestText}");
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) throw BeszelAlertSource.Json.Unreadable("it is empty; expected a notification");
        var title = lines[0].TrimEnd('\u2705', '\u26A0', '\uFE0F', ' ').Replace("\U0001F534", "", StringComparison.Ordinal).Replace("\U0001F7E0", "", StringComparison.Ordinal).Trim();
        var sentence = lines.Length > 1 && !lines[1].Contains("://", StringComparison.Ordinal) ? lines[1] : title;
        return Status(title, receivedAt) ?? Threshold(title, sentence, receivedAt) ?? Smart(title, sentence, receivedAt) ?? Test(title, sentence, receivedAt)
            ?? throw BeszelAlertSource.Json.Unreadable($"its title is \"{ForeignText.Clean(title, 80)}\"; expected \"Connection to … is down\", \"… above threshold\", \"… below threshold\" or \"SMART … on …\"");
    }

    private static Alert? Status(string title, DateTimeOffset at)
    {
        if (!title.StartsWith(Connection, StringComparison.Ordinal)) return null;
        var isDown = title.EndsWith(" is down", StringComparison.Ordinal);
        if (!isDown && !title.EndsWith(" is up", StringComparison.Ordinal)) return null;
        var end = title.LastIndexOf(" is ", StringComparison.Ordinal);
        return end <= Connection.Length ? null : Make(title[Connection.Length..end], isDown ? AlertStatus.Down : AlertStatus.Up, title, at);
    }

    private static Alert? Threshold(string title, string sentence, DateTimeOffset at)
    {
        var isAbove = title.EndsWith(" above threshold", StringComparison.Ordinal);
        if (!isAbove && !title.EndsWith(" below threshold", StringComparison.Ordinal)) return null;
        var about = title[..^" above threshold".Length];
        var (words, resource) = s_measures.FirstOrDefault(m => about.EndsWith(m.Words, StringComparison.OrdinalIgnoreCase));
        if (words is null || about.Length == words.Length) return null;
        var fires = isAbove != (resource == "battery");
        var alert = Make(about[..^words.Length], fires ? AlertStatus.Pressure : AlertStatus.Up, sentence, at);
        return alert with { Resource = resource, Value = Percent(sentence), Fingerprint = $"{alert.Fingerprint}:{resource}" };
    }

    // "Disk usage averaged 92.10% for the previous 10 minutes."
    private static double? Percent(string sentence)
    {
        const string Averaged = " averaged ";
        var at = sentence.IndexOf(Averaged, StringComparison.Ordinal);
        if (at < 0) return null;
        var number = sentence[(at + Averaged.Length)..];
        var end = number.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && number[end - 1] == '%' ? AlertJson.LeadingNumber(number[..end]) : null;
    }

    // "SMART failure on nas: /dev/sda". A disk that dies is nothing that can be healed by us, and somebody must be told.
    private static Alert? Smart(string title, string sentence, DateTimeOffset at)
    {
        const string On = " on ";
        if (!title.StartsWith("SMART ", StringComparison.Ordinal)) return null;
        var on = title.IndexOf(On, StringComparison.Ordinal);
        var colon = title.LastIndexOf(": ", StringComparison.Ordinal);
        if (on < 0 || colon <= on + On.Length) return null;
        var alert = Make(title[(on + On.Length)..colon], AlertStatus.Pressure, sentence, at);
        return alert with { Resource = "smart", Severity = title["SMART ".Length..on], Fingerprint = $"{alert.Fingerprint}:{AlertJson.Hash(title)}" };
    }

    private static Alert? Test(string title, string sentence, DateTimeOffset at) => title is not "Test Alert" ? null : new Alert
    {
        Source = BeszelAlertSource.Source,
        Status = AlertStatus.Test,
        Message = AlertJson.Message(sentence),
        At = at,
        Fingerprint = $"beszel:test:{at.UtcDateTime:yyyy-MM-ddTHH:mm}",
    };

    private static Alert Make(string system, AlertStatus status, string message, DateTimeOffset at)
    {
        var name = BeszelAlertSource.Json.Name(system, "the system's name") ?? throw BeszelAlertSource.Json.Unreadable("the system's name is empty; expected one");
        return new Alert
        {
            Source = BeszelAlertSource.Source,
            Status = status,
            Subject = name,
            Host = name,
            Message = AlertJson.Message(message),
            At = at,
            // It carries no time. A delivery that is tried again comes within seconds; the same state a minute later is told because it was another one in between.
            Fingerprint = $"beszel:{name}:{status}:{at.UtcDateTime:yyyy-MM-ddTHH:mm}",
        };
    }
}
