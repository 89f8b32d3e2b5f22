using System.Globalization;
using Homelab.Lab;
using Homelab.Lab.Proxmox;
using Homelab.Lab.Services;
using Homelab.Lab.Telegram;
using Homelab.SystemTests.Alerts;
using Homelab.Tests;

namespace Homelab.SystemTests.RealParts;

/// <summary>
/// A guest of a simulated Proxmox whose memory a page tells as node_exporter does, a real Prometheus with the shipped rules that reads it, a real Alertmanager with the
/// shipped settings that sends to our door, and Anna in the chat.
/// </summary>
internal sealed class MemoryStage : IAsyncDisposable
{
    private const long Mebi = 1024 * 1024;
    private const int Dev = 100;

    private readonly SimulatedService _page;
    private readonly PeerProcess _alertmanager;
    private readonly PeerProcess _prometheus;
    private readonly HashSet<int> _seen = [];

    private MemoryStage(SimulatedHomelab homelab, SimulatedService page, ScenarioStage product, PeerProcess alertmanager, PeerProcess prometheus)
    {
        (Homelab, _page, Product, _alertmanager, _prometheus) = (homelab, page, product, alertmanager, prometheus);
    }

    internal SimulatedHomelab Homelab { get; }

    internal ScenarioStage Product { get; }

    /// <summary>The machine that runs short.</summary>
    internal SimulatedGuest Guest => Homelab.Proxmox.Guest(Dev);

    /// <summary>What Proxmox was asked to change.</summary>
    internal IReadOnlyList<ProxmoxRequest> GuestChanges =>
        [.. Homelab.Proxmox.Requests.Where(static r => r.Method is "POST" or "PUT" or "DELETE" && !r.Path.EndsWith("/agent/ping", StringComparison.Ordinal) && !r.Path.StartsWith("/access/", StringComparison.Ordinal))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts all of it, with nothing short of anything.</summary>
    /// <param name="engine">The Docker Engine of the machine; the simulated one when null.</param>
    /// <param name="expiry">How long a question stands.</param>
    /// <param name="webhook">What alerts may set off.</param>
    /// <param name="patience">How long it is looked whether what was done has helped: short where it has not.</param>
    internal static async Task<MemoryStage> OpenAsync(string? engine = null, string expiry = "30m", string webhook = "manage", TimeSpan? patience = null)
    {
        var program = PeerProcess.Require("prometheus", "prometheus", "/usr/bin/prometheus");
        ShippedAlertmanager.Require();
        var homelab = await SimulatedHomelab.StartAsync(Cancellation);
        var guest = homelab.Proxmox.Guest(Dev);
        guest.MemoryUsed = SizeOf(guest) / 2;
        var page = await SimulatedService.StartAsync(_ => new ServiceAnswer(200, PageOf(guest)) { ContentType = "text/plain; version=0.0.4; charset=utf-8" });
        var product = await OpenProductAsync(homelab, engine ?? homelab.Engines["dev"].TcpEndpoint!, expiry, webhook, patience ?? TimeSpan.FromMinutes(4));
        var alertmanager = await ShippedAlertmanager.StartAsync(new Uri(product.Server.Url, "/hooks/alertmanager"), ScenarioStage.HookToken);
        return new MemoryStage(homelab, page, product, alertmanager, await StartPrometheusAsync(program, page, alertmanager));
    }

    /// <summary>Gitea takes what the machine has; it gives it back when it is restarted, if it does so at all.</summary>
    internal void Fill(bool again = false)
    {
        var gitea = Homelab.ContainerOf("gitea");
        var much = SizeOf(Guest) * 6 / 10;
        gitea.Leak(much, again);
        Guest.MemoryUsed = SizeOf(Guest) * 95 / 100;
        gitea.StateChanged += (_, _) =>
        {
            if (gitea.MemoryUsed < much) Guest.MemoryUsed = SizeOf(Guest) / 3;
        };
    }

    /// <summary>The next question in the chat.</summary>
    internal async Task<TelegramMessage> QuestionAsync()
    {
        TelegramMessage? found = null;
        try
        {
            await Eventually.HoldsAsync("a person is asked", () => Task.FromResult((found = Product.Telegram.Messages.FirstOrDefault(m => m.Buttons.Count > 0 && !_seen.Contains(m.Id))) is not null), Cancellation);
        }
        catch (TimeoutException e)
        {
            var incidents = await Product.Runtime.Store.ListIncidentsAsync(10, Cancellation);
            throw new TimeoutException($"{e.Message} The guest uses {Guest.MemoryUsed} of {SizeOf(Guest)}.\n{string.Join('\n', incidents.Select(static i => $"{i.Service}: {i.Status} {i.Summary}"))}\n{string.Join('\n', Product.Telegram.Messages.Select(static m => m.Text))}", e);
        }

        _seen.Add(found!.Id);
        Assert.Equal(["✅ Yes", "⛔ No"], found.Buttons.Select(static b => b.Text));
        return found;
    }

    /// <summary>The next question as it was sent: it may stand no longer.</summary>
    internal async Task<TelegramMessage> SentQuestionAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        while (true)
        {
            var message = await Product.Telegram.NextAsync(patience.Token);
            if (message.Buttons.Count > 0 && _seen.Add(message.Id)) return message;
        }
    }

    /// <summary>Anna presses a button.</summary>
    internal Task<TelegramToast> PressAsync(TelegramMessage message, string button) => Product.Telegram.PressOn(message, button, ScenarioStage.Anna);

    /// <summary>Waits until a question says this, and has no buttons any more.</summary>
    internal Task SaysAsync(TelegramMessage question, string text) => Eventually.HoldsAsync(
        $"the question says '{text}': {question.Text}",
        () => Task.FromResult(Product.Telegram.Messages.Single(m => m.Id == question.Id) is { Buttons: [] } now && now.Text.Contains(text, StringComparison.Ordinal)),
        Cancellation);

    /// <summary>The one incident, closed and told of.</summary>
    internal async Task<Incident> ClosedAsync()
    {
        await Product.ClosedAsync();
        return Assert.Single(await Product.Runtime.Store.ListIncidentsAsync(10, Cancellation));
    }

    /// <summary>Waits until Alertmanager has said that it is over, and gives what it sent of the machine, oldest first.</summary>
    internal async Task<IReadOnlyList<Alert>> ResolvedAsync()
    {
        IReadOnlyList<Alert> sent = [];
        await Eventually.HoldsAsync(
            "Alertmanager says that it is over",
            async () =>
            {
                sent = [.. (await Product.Runtime.Store.ListAlertsAsync(50, Cancellation)).Reverse().Select(static a => a.Alert)];
                return sent.Any(static a => a.Status == AlertStatus.Up);
            },
            Cancellation);
        return sent;
    }

    /// <summary>The last thing that people were told without being asked.</summary>
    internal string Told => Product.Telegram.Messages.Last(m => !_seen.Contains(m.Id)).Text;

    public async ValueTask DisposeAsync()
    {
        await _prometheus.DisposeAsync();
        await _alertmanager.DisposeAsync();
        await Product.DisposeAsync();
        await _page.DisposeAsync();
        await Homelab.DisposeAsync();
    }

    private static async Task<ScenarioStage> OpenProductAsync(SimulatedHomelab homelab, string engine, string expiry, string webhook, TimeSpan patience)
    {
        var folder = Directory.CreateTempSubdirectory("hl-memory-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "proxmox.token"), homelab.Tokens.Proxmox, Cancellation);
        var node = homelab.Proxmox.Nodes[0];
        return await ScenarioStage.OpenAsync(
            folder,
            $$"""
            access: { webhook: {{webhook}} }
            hosts: { dev: { address: 127.0.0.1, docker: "{{engine}}" } }
            providers: { proxmox: { url: "{{node.Url.GetLeftPart(UriPartial.Authority)}}", token: "file:proxmox.token", tls: { sha256: "{{node.CertificateSha256}}" } } }
            services: { dev: { vm: dev, host: dev, tier: critical, hint: Look at its console. } }
            policy: { approval: { expiry: {{expiry}} } }
            """,
            patience);
    }

    private static async Task<PeerProcess> StartPrometheusAsync(string program, SimulatedService page, PeerProcess alertmanager)
    {
        var prometheus = new PeerProcess();
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "prometheus", "rules.yml"), Cancellation);
        await File.WriteAllTextAsync(prometheus.In("rules.yml"), shipped.Replace("for: 5m", "for: 1s", StringComparison.Ordinal), Cancellation);
        // A page that is not told in time is none, and its alert would be over: half a second is little on a busy machine.
        // The instance is named as where node_exporter runs on the machine itself.
        await File.WriteAllTextAsync(prometheus.In("prometheus.yml"), $$"""
            global: { scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 500ms }
            rule_files: [ rules.yml ]
            scrape_configs: [ { job_name: node, static_configs: [ { targets: [ "127.0.0.1:{{page.Endpoint.Port}}" ], labels: { instance: "dev:9100" } } ] } ]
            alerting: { alertmanagers: [ { static_configs: [ { targets: [ "127.0.0.1:{{alertmanager.Port}}" ] } ] } ] }
            """, Cancellation);
        await prometheus.StartAsync(program, "/-/ready", "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{prometheus.Port}");
        return prometheus;
    }

    private static long SizeOf(SimulatedGuest guest) => long.Parse(guest.Config["memory"], CultureInfo.InvariantCulture) * Mebi;

    private static string PageOf(SimulatedGuest guest) => string.Create(CultureInfo.InvariantCulture, $"""
        # HELP node_memory_MemAvailable_bytes Memory information field MemAvailable_bytes.
        # TYPE node_memory_MemAvailable_bytes gauge
        node_memory_MemAvailable_bytes {SizeOf(guest) - guest.MemoryUsed}
        # HELP node_memory_MemTotal_bytes Memory information field MemTotal_bytes.
        # TYPE node_memory_MemTotal_bytes gauge
        node_memory_MemTotal_bytes {SizeOf(guest)}

        """);
}
