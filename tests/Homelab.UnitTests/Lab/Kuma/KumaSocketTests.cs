using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.Lab.Kuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Kuma;

/// <summary>The simulated Socket.IO, frame by frame, against what was recorded of a real 2.5.3 and read in the source of 1.23.17.</summary>
public sealed class KumaSocketTests
{
    private const string Login = """420["login",{"username":"admin","password":"p","token":""}]""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_is_a_burst_of_events_and_then_an_answer()
    {
        await using var kuma = await StartAsync(KumaRelease.Two);
        using var socket = await ConnectAsync(kuma);
        Assert.Matches("""^0\{"sid":"[^"]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$""", await ReadAsync(socket));
        await SendAsync(socket, "40");
        Assert.Matches("""^40\{"sid":"[^"]{20}"\}$""", await ReadAsync(socket));
        Assert.Equal("""42["info",{"primaryBaseURL":null,"serverTimezone":"UTC","serverTimezoneOffset":"+00:00"}]""", await ReadAsync(socket));
        Assert.Equal("""42["loginRequired"]""", await ReadAsync(socket));
        await SendAsync(socket, Login);
        var (events, answer) = await UntilAnswerAsync(socket);
        Assert.Equal(
            ["monitorList", "monitorTypeList", "maintenanceList", "info", "notificationList", "proxyList", "dockerHostList", "apiKeyList", "remoteBrowserList", "statusPageList", "avgPing", "uptime", "heartbeatList"],
            events.Select(static e => (string)e[0]!));
        // Ids are texts in the burst.
        Assert.Equal("1", (string)events.Single(static e => (string)e[0]! == "heartbeatList")[1]!);
        Assert.StartsWith("""430[{"ok":true,"token":"eyJ""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listed_monitor_has_the_fields_of_a_real_one()
    {
        await using var kuma = await StartAsync(KumaRelease.Two);
        using var socket = await LogInAsync(kuma);
        await SendAsync(socket, """421["getMonitorList"]""");
        var (events, answer) = await UntilAnswerAsync(socket);
        Assert.Equal("""431[{"ok":true}]""", answer);
        var monitor = Assert.Single(events)[1]!["1"]!.AsObject();
        Assert.Equal(("Gitea", true, "secret"), ((string)monitor["name"]!, (bool)monitor["active"]!, (string)monitor["basic_auth_pass"]!));
        Assert.Contains("forceInactive", monitor.Select(static p => p.Key));
    }

    [Theory]
    [InlineData(KumaRelease.Two, "updateMonitorIntoList", """431[{"ok":true,"msg":"successPaused","msgi18n":true}]""")]
    [InlineData(KumaRelease.One, "monitorList", """431[{"ok":true,"msg":"Paused Successfully."}]""")]
    public async Task A_pause_is_told_in_the_words_of_its_release(KumaRelease release, string tells, string says)
    {
        await using var kuma = await StartAsync(release);
        using var socket = await LogInAsync(kuma);
        await SendAsync(socket, """421["pauseMonitor",1]""");
        var (events, answer) = await UntilAnswerAsync(socket);
        Assert.Equal([tells], events.Select(static e => (string)e[0]!));
        Assert.False((bool)events[0][1]!["1"]!["active"]!);
        Assert.Equal(says, answer);
    }

    [Fact]
    public async Task What_is_not_known_is_not_answered_and_who_is_not_logged_in_is_told_so()
    {
        await using var kuma = await StartAsync(KumaRelease.Two);
        using var socket = await JoinAsync(kuma);
        await SendAsync(socket, """425["noSuchEvent"]""");
        await SendAsync(socket, """426["pauseMonitor",1]""");
        Assert.Equal("""436[{"ok":false,"msg":"You are not logged in."}]""", (await UntilAnswerAsync(socket)).Answer);
        Assert.True(kuma.IsActive("Gitea"));
    }

    [Fact]
    public async Task Before_its_first_word_2x_hears_nothing()
    {
        var time = new ManualTime();
        await using var kuma = await StartAsync(KumaRelease.Two, time);
        using var socket = await ConnectAsync(kuma);
        await SendAsync(socket, "40");
        await UntilAsync(socket, "40");
        await SendAsync(socket, Login);
        // Frames are taken one after the other: answered again, it has passed over the login.
        await SendAsync(socket, "40");
        await UntilAsync(socket, "40");
        time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(socket, """42["loginRequired"]""");
        await SendAsync(socket, """421["needSetup"]""");
        Assert.Equal("431[false]", (await UntilAnswerAsync(socket)).Answer);
        Assert.Equal(0, kuma.Logins);
    }

    [Fact]
    public async Task A_push_monitor_takes_what_is_pushed_and_a_wrong_token_is_not_found()
    {
        await using var kuma = await StartAsync(KumaRelease.Two);
        kuma.Add(new KumaMonitor { Name = "us", Type = "push", PushToken = "token", Check = static _ => Task.FromResult((true, "")) });
        using var http = new HttpClient();
        Assert.Equal("""{"ok":true}""", await http.GetStringAsync(new Uri(kuma.Url, "/api/push/token?status=up&msg=OK&ping=12"), Cancellation));
        using var wrong = await http.GetAsync(new Uri(kuma.Url, "/api/push/nope"), Cancellation);
        Assert.Equal((404, """{"ok":false,"msg":"Monitor not found or not active."}"""), ((int)wrong.StatusCode, await wrong.Content.ReadAsStringAsync(Cancellation)));
    }

    private static async Task<SimulatedKuma> StartAsync(KumaRelease release, TimeProvider? time = null)
    {
        var kuma = await SimulatedKuma.StartAsync("key", release, time, user: new KumaUser("admin", "p"));
        kuma.Add(new KumaMonitor { Name = "Gitea", Url = new Uri("http://127.0.0.1/"), Password = "secret", Check = static _ => Task.FromResult((true, "200 - OK")) });
        return kuma;
    }

    private static async Task<ClientWebSocket> ConnectAsync(SimulatedKuma kuma)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(kuma.Url, "/socket.io/?EIO=4&transport=websocket")) { Scheme = "ws" }.Uri, Cancellation);
        return socket;
    }

    private static async Task<ClientWebSocket> JoinAsync(SimulatedKuma kuma)
    {
        var socket = await ConnectAsync(kuma);
        await SendAsync(socket, "40");
        await UntilAsync(socket, """42["info",""");
        return socket;
    }

    private static async Task<ClientWebSocket> LogInAsync(SimulatedKuma kuma)
    {
        var socket = await JoinAsync(kuma);
        await SendAsync(socket, Login);
        await UntilAnswerAsync(socket);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string frame) => socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, Cancellation);

    private static async Task<string> ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, Cancellation).WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage) return text.ToString();
        }
    }

    private static async Task UntilAsync(ClientWebSocket socket, string begin)
    {
        while (!(await ReadAsync(socket)).StartsWith(begin, StringComparison.Ordinal))
        {
        }
    }

    private static async Task<(List<JsonArray> Events, string Answer)> UntilAnswerAsync(ClientWebSocket socket)
    {
        var events = new List<JsonArray>();
        while (true)
        {
            var frame = await ReadAsync(socket);
            if (frame.StartsWith("43", StringComparison.Ordinal)) return (events, frame);
            if (frame.StartsWith("42", StringComparison.Ordinal) && frame != """42["loginRequired"]""") events.Add(JsonNode.Parse(frame[2..])!.AsArray());
        }
    }
}
