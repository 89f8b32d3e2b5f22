using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Turns Kuma's three parts (heartbeat, monitor, msg) into an alert.</summary>
internal static class KumaAlertReader
{
    // Kuma's own limit for a monitor's name is 150.
    private const int LongestName = 255;
    private const int LongestMessage = 500;
    private const int LongestAddress = 500;

    // R.isoDateTimeMillis(dayjs.utc()); the zone in heartbeat.timezone is the server's own and does not apply to it.
    private static readonly string[] s_timeForms = ["yyyy-MM-dd HH:mm:ss.fff", "yyyy-MM-dd HH:mm:ss"];

    internal static Alert Read(JsonElement body, DateTimeOffset receivedAt)
    {
        if (body.ValueKind != JsonValueKind.Object) throw KumaJson.Wrong("the body", body, "an object with heartbeat, monitor and msg");
        body.TryGetProperty("heartbeat", out var heartbeat);
        body.TryGetProperty("monitor", out var monitor);
        return Read(heartbeat, monitor, KumaJson.Text(body, "msg", "msg"), receivedAt);
    }

    internal static Alert Read(JsonElement heartbeat, JsonElement monitor, string? message, DateTimeOffset receivedAt)
    {
        var hasHeartbeat = IsGiven(heartbeat, "heartbeat");
        if (hasHeartbeat != IsGiven(monitor, "monitor"))
        {
            throw KumaJson.Unreadable(hasHeartbeat
                ? "heartbeat is an object but monitor is null or missing; expected both, or neither for a notice"
                : "monitor is an object but heartbeat is null or missing; expected both, or neither for a notice");
        }

        return hasHeartbeat ? ReadBeat(heartbeat, monitor, message) : KumaNotice.Read(message, receivedAt);
    }

    /// <summary>A text that is shown and matched by: refused rather than repaired, because a repaired name could be another service's.</summary>
    internal static string Name(string text, string path)
    {
        var name = text.Trim();
        if (name.Length == 0) throw KumaJson.Unreadable($"{path} is empty; expected the monitor's name");
        if (name.Length > LongestName) throw KumaJson.Unreadable($"{path} is {name.Length} characters long; expected at most {LongestName}");
        return ForeignText.IsClean(name) ? name : throw KumaJson.Unreadable($"{path} holds control or invisible characters; expected plain text");
    }

    internal static string Message(string text) => ForeignText.Clean(text, LongestMessage);

    /// <summary>An address as it may be shown: without the user and password that a monitor's URL may carry.</summary>
    internal static string? Address(string text)
    {
        var address = ForeignText.Clean(text, LongestAddress);
        var host = address.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var path = address.AsSpan(host).IndexOfAny('/', '?', '#');
        if (address.AsSpan(host, path < 0 ? address.Length - host : path).LastIndexOf('@') is >= 0 and var user) address = address.Remove(host, user + 1);
        return address.Length > 0 ? address : null;
    }

    private static Alert ReadBeat(JsonElement heartbeat, JsonElement monitor, string? message)
    {
        var id = Id(monitor, "id", "monitor.id");
        var beatId = Id(heartbeat, "monitorID", "heartbeat.monitorID");
        if (id != beatId) throw KumaJson.Unreadable($"monitor.id is {id} but heartbeat.monitorID is {beatId}; expected the same number");
        var status = Status(heartbeat);
        var at = Time(heartbeat);
        var name = KumaJson.Text(monitor, "name", "monitor.name") ?? throw KumaJson.Unreadable("monitor.name is null or missing; expected a text");
        var said = KumaJson.Text(heartbeat, "msg", "heartbeat.msg");
        return new Alert
        {
            Source = KumaNames.Provider,
            Status = status,
            Subject = Name(name, "monitor.name"),
            SubjectId = id.ToString(CultureInfo.InvariantCulture),
            Address = ReadAddress(monitor),
            Message = Message(string.IsNullOrWhiteSpace(said) ? message ?? "" : said),
            At = at,
            IsRepeat = KumaJson.TryGet(heartbeat, "important", out var important) && !Flag(important, "heartbeat.important"),
            // A beat has one time and one state. A resend is a later beat, so it is another event, marked as a repeat.
            Fingerprint = string.Create(CultureInfo.InvariantCulture, $"kuma:{id}:{(int)status}:{at:yyyy-MM-ddTHH:mm:ss.fff}"),
        };
    }

    private static AlertStatus Status(JsonElement heartbeat)
    {
        const string Expected = "0 (down), 1 (up), 2 (pending) or 3 (maintenance)";
        heartbeat.TryGetProperty("status", out var status);
        if (status.ValueKind != JsonValueKind.Number || !status.TryGetInt32(out var number)) throw KumaJson.Wrong("heartbeat.status", status, Expected);
        return number switch
        {
            0 => AlertStatus.Down,
            1 => AlertStatus.Up,
            2 => AlertStatus.Pending,
            3 => AlertStatus.Maintenance,
            _ => throw KumaJson.Wrong("heartbeat.status", status, Expected),
        };
    }

    private static DateTimeOffset Time(JsonElement heartbeat)
    {
        const string Expected = "UTC such as \"2026-01-31 08:00:00.000\"";
        heartbeat.TryGetProperty("time", out var value);
        if (value.ValueKind != JsonValueKind.String) throw KumaJson.Wrong("heartbeat.time", value, Expected);
        var text = KumaJson.Decode(value, "heartbeat.time");
        return DateTimeOffset.TryParseExact(text, s_timeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw KumaJson.Unreadable($"heartbeat.time is \"{ForeignText.Clean(text, 40)}\"; expected {Expected}");
    }

    private static long Id(JsonElement parent, string field, string path)
    {
        parent.TryGetProperty(field, out var value);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var id) && id > 0 ? id : throw KumaJson.Wrong(path, value, "a number above 0");
    }

    private static bool Flag(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw KumaJson.Wrong(path, value, "true or false"),
    };

    private static string? ReadAddress(JsonElement monitor)
    {
        // What does not watch a URL still carries the form's empty "https://".
        if (KumaJson.Text(monitor, "url", "monitor.url") is { } url && url is not ("" or "https://" or "http://")) return Address(url);
        if (KumaJson.Text(monitor, "hostname", "monitor.hostname") is not { Length: > 0 } host) return null;
        if (!KumaJson.TryGet(monitor, "port", out var port)) return Address(host);
        return port.ValueKind == JsonValueKind.Number && port.TryGetUInt16(out var number)
            ? Address(string.Create(CultureInfo.InvariantCulture, $"{host}:{number}"))
            : throw KumaJson.Wrong("monitor.port", port, "a number from 0 to 65535");
    }

    private static bool IsGiven(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => true,
        JsonValueKind.Null or JsonValueKind.Undefined => false,
        _ => throw KumaJson.Wrong(path, element, "an object or null"),
    };
}
