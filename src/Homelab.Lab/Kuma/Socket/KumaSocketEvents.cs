using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Kuma;

/// <summary>What a connection may ask, and what it is told, in the words of the two releases. What is not known here is not answered, as there.</summary>
/// <remarks>Uptime Kuma: <c>server/server.js</c> and <c>server/socket-handlers</c>.</remarks>
internal sealed class KumaSocketEvents(SimulatedKuma kuma, KumaSocketClient client)
{
    private bool IsTwo => kuma.Release == KumaRelease.Two;

    internal void Greet()
    {
        client.Emit("info", Info(whole: false));
        if (kuma.User is null) client.Emit("setup");
        if (IsTwo) client.Emit("loginRequired");
    }

    /// <summary>Does what is asked; null when it is not known.</summary>
    internal JsonNode? Take(string name, IReadOnlyList<JsonNode?> arguments) => name switch
    {
        "needSetup" => JsonValue.Create(kuma.User is null),
        "login" => Login(arguments),
        "loginByToken" => LoginByToken(arguments),
        _ when !IsKnown(name) => null,
        _ when !client.IsLoggedIn => No("You are not logged in."),
        "getMonitorList" => ListMonitors(),
        "pauseMonitor" => Switch(arguments, active: false),
        "resumeMonitor" => Switch(arguments, active: true),
        "getMonitorBeats" => ReadBeats(arguments),
        "addMaintenance" => AddMaintenance(arguments),
        "addMonitorMaintenance" => AddMonitors(arguments),
        "getMonitorMaintenance" => ReadMonitors(arguments),
        _ => PostIncident(arguments),
    };

    private static bool IsKnown(string name) =>
        name is "getMonitorList" or "pauseMonitor" or "resumeMonitor" or "getMonitorBeats" or "addMaintenance" or "addMonitorMaintenance" or "getMonitorMaintenance" or "postIncident";

    private JsonObject Info(bool whole)
    {
        var info = new JsonObject { ["primaryBaseURL"] = null, ["serverTimezone"] = "UTC", ["serverTimezoneOffset"] = "+00:00" };
        if (whole) info["version"] = IsTwo ? "2.5.3" : "1.23.17";
        return info;
    }

    private JsonObject Login(IReadOnlyList<JsonNode?> arguments)
    {
        if (kuma.User is not { } user || (string?)arguments[0]?["username"] != user.Name || (string?)arguments[0]?["password"] != user.Password) return IsTwo ? No("authIncorrectCreds", isKey: true) : No("Incorrect username or password.");
        var code = (string?)arguments[0]?["token"];
        if (user.Code is not null && string.IsNullOrEmpty(code)) return new JsonObject { ["tokenRequired"] = true };
        if (user.Code is not null && user.Code() != code) return IsTwo ? No("authInvalidToken", isKey: true) : No("Invalid Token!");
        kuma.CountLogin();
        Burst();
        return new JsonObject { ["ok"] = true, ["token"] = TokenOf(user) };
    }

    private JsonObject LoginByToken(IReadOnlyList<JsonNode?> arguments)
    {
        if (kuma.User is not { } user || (string?)arguments[0] != TokenOf(user)) return IsTwo ? No("authInvalidToken", isKey: true) : No("Invalid token.");
        Burst();
        return new JsonObject { ["ok"] = true };
    }

    // Another password makes it worthless, as there.
    private static string TokenOf(KumaUser user) => "eyJhbGciOiJIUzI1NiJ9." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{user.Name}/{user.Password}")));

    // Everything that whoever logs in is told, before the answer.
    private void Burst()
    {
        client.IsLoggedIn = true;
        client.Emit("monitorList", Monitors());
        if (IsTwo) client.Emit("monitorTypeList", new JsonObject());
        client.Emit("maintenanceList", new JsonObject());
        client.Emit("info", Info(whole: true));
        foreach (var list in new[] { "notificationList", "proxyList", "dockerHostList", "apiKeyList" }) client.Emit(list, new JsonArray());
        if (IsTwo) client.Emit("remoteBrowserList", new JsonArray());
        client.Emit("statusPageList", new JsonObject());
        foreach (var state in kuma.States)
        {
            var id = state.Id.ToString(CultureInfo.InvariantCulture);
            client.Emit("avgPing", id, 1);
            client.Emit("uptime", id, 24, 1);
            client.Emit("heartbeatList", id, new JsonArray([.. state.Beats.Select((b, i) => KumaBodies.Row(state, b, i + 1))]));
        }
    }

    private JsonObject Monitors()
    {
        var all = new JsonObject();
        foreach (var state in kuma.States) all[state.Id.ToString(CultureInfo.InvariantCulture)] = KumaBodies.Listed(kuma.Release, state);
        return all;
    }

    private JsonObject ListMonitors()
    {
        client.Emit("monitorList", Monitors());
        return new JsonObject { ["ok"] = true };
    }

    private JsonObject Switch(IReadOnlyList<JsonNode?> arguments, bool active)
    {
        if (Monitor(arguments) is not { } state) return No("You do not own this monitor.");
        kuma.Switch(state, active);
        if (IsTwo) client.Emit("updateMonitorIntoList", new JsonObject { [state.Id.ToString(CultureInfo.InvariantCulture)] = KumaBodies.Listed(kuma.Release, state) });
        else client.Emit("monitorList", Monitors());
        return IsTwo ? Yes(active ? "successResumed" : "successPaused", isKey: true) : Yes(active ? "Resumed Successfully." : "Paused Successfully.");
    }

    private JsonObject ReadBeats(IReadOnlyList<JsonNode?> arguments)
    {
        if (arguments.Count < 2 || arguments[1] is null) return No("Invalid period.");
        var since = kuma.Time.GetUtcNow() - TimeSpan.FromHours((double)arguments[1]!);
        var data = new JsonArray();
        // A monitor that is not there has seen nothing.
        if (Monitor(arguments) is { } state)
        {
            var id = 0;
            foreach (var beat in state.Beats.Where(b => b.At > since)) data.Add(KumaBodies.Row(state, beat, ++id));
        }

        return new JsonObject { ["ok"] = true, ["data"] = data };
    }

    private JsonObject AddMaintenance(IReadOnlyList<JsonNode?> arguments)
    {
        var wish = arguments[0]!;
        var range = wish["dateRange"]!.AsArray();
        var maintenance = kuma.AddMaintenance(Moment(range[0]), Moment(range[1]), (string?)wish["strategy"] == "manual");
        var answer = IsTwo ? Yes("successAdded", isKey: true) : Yes("Added Successfully.");
        answer["maintenanceID"] = maintenance.Id;
        return answer;
    }

    private JsonObject AddMonitors(IReadOnlyList<JsonNode?> arguments)
    {
        if (kuma.MaintenanceOf((long)arguments[0]!) is { } maintenance)
        {
            maintenance.Monitors.Clear();
            foreach (var monitor in arguments[1]!.AsArray()) maintenance.Monitors[(int)monitor!["id"]!] = true;
        }

        return IsTwo ? Yes("successAdded", isKey: true) : Yes("Added Successfully.");
    }

    private JsonObject ReadMonitors(IReadOnlyList<JsonNode?> arguments) => new()
    {
        ["ok"] = true,
        ["monitors"] = new JsonArray([.. (kuma.MaintenanceOf((long)arguments[0]!)?.Monitors.Keys ?? []).Order().Select(static id => new JsonObject { ["id"] = id })]),
    };

    private JsonObject PostIncident(IReadOnlyList<JsonNode?> arguments)
    {
        if (!kuma.HasPage((string?)arguments[0] ?? "")) return No("slug is not found");
        var incident = new JsonObject
        {
            ["id"] = kuma.IncidentCount + 1,
            ["style"] = (string?)arguments[1]!["style"],
            ["title"] = (string?)arguments[1]!["title"],
            ["content"] = (string?)arguments[1]!["content"],
            ["pin"] = true,
            ["createdDate"] = kuma.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        };
        kuma.Publish((JsonObject)incident.DeepClone());
        return new JsonObject { ["ok"] = true, ["incident"] = incident };
    }

    private MonitorState? Monitor(IReadOnlyList<JsonNode?> arguments) => arguments is [JsonValue id, ..] && id.TryGetValue<int>(out var number) ? kuma.StateOf(number) : null;

    private static DateTimeOffset? Moment(JsonNode? text) =>
        DateTimeOffset.TryParse((string?)text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    private static JsonObject Yes(string message, bool isKey = false) => Answer(ok: true, message, isKey);

    private static JsonObject No(string message, bool isKey = false) => Answer(ok: false, message, isKey);

    private static JsonObject Answer(bool ok, string message, bool isKey)
    {
        var answer = new JsonObject { ["ok"] = ok, ["msg"] = message };
        if (isKey) answer["msgi18n"] = true;
        return answer;
    }
}
