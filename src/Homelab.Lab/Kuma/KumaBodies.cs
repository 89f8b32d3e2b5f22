using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Kuma;

/// <summary>Writes what a webhook is sent, field by field as the two releases write it.</summary>
internal static partial class KumaBodies
{
    private static readonly JsonSerializerOptions s_asJavaScript = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A change of state, or a resend.</summary>
    internal static JsonObject Beat(KumaRelease release, MonitorState state, KumaBeat beat) => new()
    {
        ["heartbeat"] = Heartbeat(release, state, beat),
        ["monitor"] = Monitor(release, state),
        ["msg"] = $"[{state.Monitor.Name}] [{(beat.Status == 1 ? "✅ Up" : "🔴 Down")}] {beat.Message}",
    };

    /// <summary>A monitor as whoever is logged in is told of it: with the credentials that a webhook is not sent.</summary>
    internal static JsonObject Listed(KumaRelease release, MonitorState state)
    {
        var json = Monitor(release, state);
        json["basic_auth_user"] = state.Monitor.Password is null ? null : "monitor";
        json["basic_auth_pass"] = state.Monitor.Password;
        json["pushToken"] = state.Monitor.PushToken;
        return json;
    }

    /// <summary>A look as everybody who is logged in is told of it.</summary>
    internal static JsonObject Live(MonitorState state, KumaBeat beat)
    {
        var json = new JsonObject { ["monitorID"] = state.Id, ["status"] = beat.Status, ["time"] = Time(beat.At), ["msg"] = beat.Message };
        if (beat.Ping is { } ping) json["ping"] = ping;
        json["important"] = beat.Important;
        return json;
    }

    /// <summary>A look as the database has it.</summary>
    internal static JsonObject Row(MonitorState state, KumaBeat beat, int id) => new()
    {
        ["id"] = id,
        ["important"] = beat.Important ? 1 : 0,
        ["monitor_id"] = state.Id,
        ["status"] = beat.Status,
        ["msg"] = beat.Message,
        ["time"] = Time(beat.At),
        ["ping"] = beat.Ping,
        ["duration"] = beat.Duration,
        ["down_count"] = 0,
        ["end_time"] = Time(beat.At),
        ["retries"] = beat.Retries,
        ["response"] = null,
    };

    /// <summary>A notice that has only a text.</summary>
    internal static JsonObject Notice(string text) => new() { ["heartbeat"] = null, ["monitor"] = null, ["msg"] = text };

    /// <summary>The text about a certificate.</summary>
    internal static string CertificateText(KumaRelease release, KumaMonitor monitor, int days) =>
        $"[{monitor.Name}][{monitor.Url}] server certificate {monitor.Url?.Host} {(release == KumaRelease.One ? "will be expired" : "will expire")} in {days} days";

    /// <summary>As <c>JSON.stringify</c> writes it: .NET would write the pictures in Kuma's texts as escaped halves.</summary>
    internal static string Stringify(JsonNode json)
    {
        var text = json.ToJsonString(s_asJavaScript);
        return EscapedPair().Replace(text, static pair => pair.Groups["odd"].Value + (char)Half(pair.Groups["high"]) + (char)Half(pair.Groups["low"]));

        static ushort Half(Group group) => ushort.Parse(group.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    // Behind an even number of backslashes: of an odd one the last belongs to what follows.
    [GeneratedRegex(@"(?<![\\])(?<odd>(\\\\)*)\\u(?<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?<low>[dD][c-fC-F][0-9a-fA-F]{2})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EscapedPair();

    private static JsonObject Heartbeat(KumaRelease release, MonitorState state, KumaBeat beat)
    {
        var json = new JsonObject
        {
            ["monitorID"] = state.Id,
            ["status"] = beat.Status,
            ["time"] = Time(beat.At),
            ["msg"] = beat.Message.Length > 0 ? beat.Message : "N/A",
        };
        if (beat.Ping is { } ping) json["ping"] = ping;
        else if (state.Monitor.Type == "push") json["ping"] = null;
        json["important"] = beat.Important;
        if (release == KumaRelease.One) json["duration"] = beat.Duration;
        else json["retries"] = beat.Retries;
        // The body of a failed answer, which 2.x keeps; what refuses the connection has none.
        if (release == KumaRelease.Two && beat.Status == 0 && beat.Message.StartsWith("Request failed with status code", StringComparison.Ordinal)) json["response"] = "";
        json["timezone"] = "UTC";
        json["timezoneOffset"] = "+00:00";
        json["localDateTime"] = beat.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        if (release == KumaRelease.Two && beat.LastDownAt is { } down) json["lastDownTime"] = Time(down);
        return json;
    }

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    // The fields that nobody has set have the values of a fresh monitor.
    private static JsonObject Monitor(KumaRelease release, MonitorState state)
    {
        var monitor = state.Monitor;
        var json = (JsonObject)JsonNode.Parse(release == KumaRelease.One ? KumaTemplates.MonitorOne : KumaTemplates.MonitorTwo)!;
        json["id"] = state.Id;
        json["name"] = monitor.Name;
        json["pathName"] = monitor.Name;
        if (json.ContainsKey("path")) json["path"] = new JsonArray(monitor.Name);
        json["url"] = monitor.Url?.ToString() ?? "https://";
        json["hostname"] = monitor.Hostname;
        json["port"] = monitor.Port;
        json["type"] = monitor.Type;
        json["maxretries"] = monitor.MaxRetries;
        json["interval"] = (int)Math.Ceiling(monitor.Interval.TotalSeconds);
        json["retryInterval"] = (int)Math.Ceiling(monitor.Interval.TotalSeconds);
        json["resendInterval"] = monitor.ResendInterval;
        json["maintenance"] = state.InMaintenance;
        json["active"] = state.Active;
        return json;
    }
}
