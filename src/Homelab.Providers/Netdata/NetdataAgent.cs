using System.Net;
using System.Text.Json;

namespace Homelab.Providers.Netdata;

/// <summary>An agent's HTTP API, as far as it only looks.</summary>
internal sealed class NetdataAgent : IDisposable
{
    private const int LongestText = 300;

    private readonly JsonPeer _peer;

    internal NetdataAgent(NetdataSettings settings, ProviderContext context)
    {
        _peer = new JsonPeer(
            new HttpPeerDefinition(NetdataNames.Provider, NetdataNames.Product, NetdataNames.Product, settings.Url) { Token = settings.Token, User = settings.User, Password = settings.Password, Tls = settings.Tls },
            context);
    }

    /// <summary>The alarms that are raised, or all of them.</summary>
    /// <remarks><c>GET /api/v1/alarms</c>, which agents of 1.x and 2.x answer.</remarks>
    internal async Task<IReadOnlyList<NetdataAlarm>> ListAlarmsAsync(bool all, CancellationToken cancellationToken)
    {
        using var answer = await _peer.GetAsync(all ? "/api/v1/alarms?all" : "/api/v1/alarms", cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK) throw _peer.Odd($"answered HTTP {(int)answer.Status}");
        try
        {
            return Read(answer.Json.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            throw _peer.Odd($"answered JSON that is no list of alarms: {ForeignText.Clean(e.Message, 100)}", e);
        }
    }

    public void Dispose() => _peer.Dispose();

    internal static IReadOnlyList<NetdataAlarm> Read(JsonElement root)
    {
        var host = Text(root, "hostname");
        return [.. root.GetProperty("alarms").EnumerateObject().Select(a => Read(a.Value, host)).OrderByDescending(static a => a.Status).ThenBy(static a => a.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static NetdataAlarm Read(JsonElement alarm, string host) => new()
    {
        Name = Text(alarm, "name"),
        Chart = Text(alarm, "chart"),
        Family = Text(alarm, "family"),
        Class = Text(alarm, "class"),
        Host = host,
        Status = alarm.GetProperty("status").GetString() switch
        {
            "CLEAR" => NetdataStatus.Clear,
            "WARNING" => NetdataStatus.Warning,
            "CRITICAL" => NetdataStatus.Critical,
            _ => NetdataStatus.Unknown,
        },
        Value = Text(alarm, "value_string"),
        Info = Text(alarm, "info"),
        Since = alarm.TryGetProperty("last_status_change", out var since) && since.TryGetInt64(out var seconds) && seconds > 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
        IsSilenced = alarm.TryGetProperty("silenced", out var silenced) && silenced.ValueKind == JsonValueKind.True,
    };

    // It writes texts as HTML would want them, into JSON.
    private static string Text(JsonElement alarm, string field) => alarm.TryGetProperty(field, out var text) ? ForeignText.Clean(WebUtility.HtmlDecode(text.GetString() ?? ""), LongestText) : "";
}
