using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Lab.Kuma;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;
using Homelab.UnitTests.Providers.UptimeKuma;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Homelab.UnitTests.Lab.Kuma;

public sealed class SimulatedKumaTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 20, 23, 40, 0, 287, TimeSpan.Zero);

    private readonly ManualTime _time = new(s_start);
    private bool _up = true;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("body-down-503.json", false)]
    [InlineData("body-up-after-503.json", true)]
    public async Task A_body_of_release_2_has_the_fields_and_types_that_were_recorded(string payload, bool up)
    {
        await using var hook = await Receiver.StartAsync();
        await using var kuma = await StartAsync(KumaRelease.Two, hook);
        await ChangeAsync(kuma, false);
        if (up) await ChangeAsync(kuma, true);
        Assert.Equal(Shape(JsonDocument.Parse(Payload.Read(payload)).RootElement), Shape(JsonDocument.Parse(hook.Requests.Last().Body).RootElement));
        // Byte for byte what is not a value of this run: no character is escaped that Kuma does not escape.
        Assert.Contains(up ? "\"msg\":\"[web] [✅ Up] 200 - OK\"}" : "\"msg\":\"[web] [🔴 Down] Request failed with status code 503\"}", Encoding.UTF8.GetString(hook.Requests.Last().Body), StringComparison.Ordinal);
        Assert.Equal(("application/json", "Uptime-Kuma/2.5.3", "Bearer s3cret"), (hook.Requests.Last().ContentType, hook.Requests.Last().UserAgent, hook.Requests.Last().Authorization));
    }

    [Fact]
    public async Task A_body_of_release_1_has_a_duration_and_none_of_the_new_fields()
    {
        await using var hook = await Receiver.StartAsync();
        await using var kuma = await StartAsync(KumaRelease.One, hook);
        await ChangeAsync(kuma, false);
        var heartbeat = JsonNode.Parse(hook.Requests.Single().Body)!["heartbeat"]!.AsObject();
        Assert.Equal(["monitorID", "status", "time", "msg", "important", "duration", "timezone", "timezoneOffset", "localDateTime"], heartbeat.Select(static p => p.Key), StringComparer.Ordinal);
        Assert.Null(JsonNode.Parse(hook.Requests.Single().Body)!["monitor"]!["conditions"]);
    }

    [Theory]
    [InlineData(KumaRelease.One, KumaBodyForm.Json)]
    [InlineData(KumaRelease.One, KumaBodyForm.FormData)]
    [InlineData(KumaRelease.One, KumaBodyForm.Custom)]
    [InlineData(KumaRelease.Two, KumaBodyForm.Json)]
    [InlineData(KumaRelease.Two, KumaBodyForm.FormData)]
    [InlineData(KumaRelease.Two, KumaBodyForm.Custom)]
    [InlineData(KumaRelease.Two, KumaBodyForm.Query)]
    public async Task What_it_sends_in_any_form_our_reader_reads(KumaRelease release, KumaBodyForm form)
    {
        await using var hook = await Receiver.StartAsync();
        await using var kuma = await StartAsync(release, hook, form);
        await ChangeAsync(kuma, false);
        await ChangeAsync(kuma, true);
        await kuma.SendTestAsync("homelab", Cancellation);
        await kuma.SendCertificateNoticeAsync("web", 4, Cancellation);
        var alerts = hook.Requests.SelectMany(r => new KumaAlertSource().Read(new AlertDelivery(r.Method, r.ContentType, r.Query, r.Body, s_start))).ToList();
        Assert.Equal([AlertStatus.Down, AlertStatus.Up, AlertStatus.Test, AlertStatus.Certificate], alerts.Select(static a => a.Status));
        Assert.Equal(["web", "web", null, "web"], alerts.Select(static a => a.Subject), StringComparer.Ordinal);
        Assert.Equal(s_start.AddSeconds(2), alerts[0].At);
        Assert.Equal(4, alerts[3].DaysLeft);
        Assert.All(kuma.Deliveries, static d => Assert.Equal(202, d.Status));
    }

    [Fact]
    public async Task The_first_up_says_nothing_and_neither_does_a_second_down()
    {
        await using var hook = await Receiver.StartAsync();
        await using var kuma = await StartAsync(KumaRelease.Two, hook);
        Assert.Empty(hook.Requests);
        await ChangeAsync(kuma, false);
        await ChangeAsync(kuma, false);
        Assert.Single(hook.Requests);
    }

    [Fact]
    public async Task A_resend_says_again_that_it_is_down_and_that_nothing_changed()
    {
        await using var hook = await Receiver.StartAsync();
        await using var kuma = await StartAsync(KumaRelease.Two, hook, resend: 2);
        for (var look = 0; look < 5; look++) await ChangeAsync(kuma, false);
        var alerts = hook.Requests.SelectMany(static r => new KumaAlertSource().Read(new AlertDelivery("POST", r.ContentType, "", r.Body, s_start))).ToList();
        Assert.Equal([false, true, true], alerts.Select(static a => a.IsRepeat));
        Assert.Equal(3, alerts.Select(static a => a.Fingerprint).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Failures_are_pending_before_they_are_down()
    {
        await using var kuma = await StartAsync(KumaRelease.Two, hook: null, retries: 2);
        var seen = new List<int>();
        foreach (var up in new[] { false, false, false, false, true, false }) seen.Add((await ChangeAsync(kuma, up)).Status);
        Assert.Equal([2, 2, 0, 0, 1, 2], seen);
    }

    [Fact]
    public async Task In_maintenance_nothing_is_told_until_it_is_over_and_still_down()
    {
        await using var hook = await Receiver.StartAsync();
        await using var kuma = await StartAsync(KumaRelease.Two, hook);
        kuma.SetMaintenance("web", true);
        Assert.Equal(3, (await ChangeAsync(kuma, false)).Status);
        Assert.Empty(hook.Requests);
        kuma.SetMaintenance("web", false);
        Assert.Equal(0, (await ChangeAsync(kuma, false)).Status);
        Assert.Single(hook.Requests);
    }

    [Fact]
    public async Task Looks_run_by_themselves_at_their_interval()
    {
        var looks = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        await using var kuma = await SimulatedKuma.StartAsync(null);
        kuma.Add(new KumaMonitor
        {
            Name = "web",
            Interval = TimeSpan.FromMilliseconds(10),
            Check = _ =>
            {
                looks.Writer.TryWrite(true);
                return Task.FromResult((true, "200 - OK"));
            },
        });
        kuma.StartChecking();
        for (var look = 0; look < 3; look++) await looks.Reader.ReadAsync(Cancellation);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_written_down_and_nothing_more()
    {
        // It has a port, and does not listen on it: nobody else is given it.
        using var gone = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        gone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var kuma = await SimulatedKuma.StartAsync(null);
        kuma.Hook = new KumaHook(new Uri($"http://{gone.LocalEndPoint}/hook/uptime-alert"));
        await kuma.SendTestAsync(cancellationToken: Cancellation);
        Assert.Null(Assert.Single(kuma.Deliveries).Status);
    }

    [Fact]
    public async Task What_is_no_metrics_is_a_page_or_404()
    {
        await using var kuma = await SimulatedKuma.StartAsync("uk1_x");
        using var http = new HttpClient();
        using var page = await http.GetAsync(new Uri(kuma.Url, "/api/monitors"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        using var post = await http.PostAsync(new Uri(kuma.Url, "/api/monitors"), null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        Assert.Contains("Cannot POST /api/monitors", await post.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var metrics = await http.GetAsync(new Uri(kuma.Url, "/metrics"), Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (metrics.StatusCode, metrics.Headers.WwwAuthenticate.Single().ToString()));
    }

    [Fact]
    public async Task Beyond_sixty_a_minute_a_right_key_is_refused()
    {
        await using var kuma = await SimulatedKuma.StartAsync("uk1_x", time: _time);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(":uk1_x"u8));
        for (var number = 1; number <= 60; number++) Assert.Equal(HttpStatusCode.OK, await AskAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync());

        async Task<HttpStatusCode> AskAsync()
        {
            using var response = await http.GetAsync(new Uri(kuma.Url, "/metrics"), Cancellation);
            return response.StatusCode;
        }
    }

    private async Task<SimulatedKuma> StartAsync(KumaRelease release, Receiver? hook, KumaBodyForm form = KumaBodyForm.Json, int resend = 0, int retries = 0)
    {
        var kuma = await SimulatedKuma.StartAsync("uk1_x", release, _time);
        if (hook is not null) kuma.Hook = new KumaHook(hook.Url, "s3cret", form);
        kuma.Add(new KumaMonitor
        {
            Name = "web",
            Url = new Uri("http://127.0.0.1:18201/"),
            ResendInterval = resend,
            MaxRetries = retries,
            Check = _ => Task.FromResult(_up ? (true, "200 - OK") : (false, "Request failed with status code 503")),
        });
        await kuma.CheckNowAsync("web", Cancellation);
        return kuma;
    }

    private Task<KumaBeat> ChangeAsync(SimulatedKuma kuma, bool up)
    {
        _up = up;
        _time.Advance(TimeSpan.FromSeconds(2));
        return kuma.CheckNowAsync("web", Cancellation);
    }

    // Names and types, in their order, without the values.
    private static string Shape(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("1", out _) => "{ids}",
        JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().Select(static p => $"{p.Name}:{Shape(p.Value)}")) + "}",
        JsonValueKind.Array => "[]",
        JsonValueKind.True or JsonValueKind.False => "bool",
        var kind => kind.ToString(),
    };

    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        internal ConcurrentQueue<(string Method, string ContentType, string Query, byte[] Body, string UserAgent, string Authorization)> Requests { get; } = new();

        internal Uri Url => new(app.Urls.Single() + "/hook/uptime-alert");

        internal static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var receiver = new Receiver(app);
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                receiver.Requests.Enqueue((
                    context.Request.Method,
                    context.Request.ContentType ?? "",
                    context.Request.QueryString.Value?.TrimStart('?') ?? "",
                    body.ToArray(),
                    context.Request.Headers.UserAgent.ToString(),
                    context.Request.Headers.Authorization.ToString()));
                context.Response.StatusCode = 202;
            });
            await app.StartAsync();
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
