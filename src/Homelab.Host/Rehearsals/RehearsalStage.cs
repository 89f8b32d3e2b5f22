using Homelab.Automation.Healing;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Lab;
using Homelab.Lab.Cloudflare;
using Homelab.Lab.Services;
using Homelab.Lab.Tailscale;

namespace Homelab.Host.Rehearsals;

/// <summary>A simulated homelab for one rehearsal, and the product over it as <c>serve</c> runs it, from a lab file on disk.</summary>
internal sealed class RehearsalStage : IAsyncDisposable
{
    internal const string CloudflareSecret = "CF_DNS_API_TOKEN";

    private const string CloudflareToken = "cf-rehearsal-7d0e1f2a3b4c5d6e7f8";
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(120);
    private static readonly string[] s_monitors = ["Gitea", "AdGuard Home DNS", "Traefik"];

    private readonly CancellationTokenSource _ending = new();
    private readonly IReadOnlyList<Runbook> _runbooks;
    private Task _monitoring = Task.CompletedTask;
    private SimulatedLabFolder? _folder;
    private LabFile? _file;

    private RehearsalStage(SimulatedHomelab homelab, IReadOnlyList<Runbook> runbooks)
    {
        Homelab = homelab;
        ContainerNames = homelab.Engines.Values.SelectMany(static e => e.Containers).ToDictionary(static c => c.Id, static c => c.Name, StringComparer.Ordinal);
        _runbooks = runbooks;
    }

    internal SimulatedHomelab Homelab { get; }

    /// <summary>The containers by id, as it began: one that was made anew leaves its old id behind in what the engines were asked.</summary>
    internal IReadOnlyDictionary<string, string> ContainerNames { get; }

    internal SimulatedTailscale Tailscale { get; private set; } = null!;

    internal SimulatedCloudflare Cloudflare { get; private set; } = null!;

    /// <summary>A site that shows a certificate; the proxy renews it when it starts.</summary>
    internal SimulatedService Site { get; private set; } = null!;

    internal RehearsalAuthority Authority { get; } = new();

    /// <summary>False when a start of the proxy renews nothing.</summary>
    internal bool Renews { get; set; } = true;

    internal HomelabRuntime Runtime { get; private set; } = null!;

    internal static async Task<RehearsalStage> OpenAsync(IReadOnlyList<Runbook> runbooks, CancellationToken cancellationToken)
    {
        var stage = new RehearsalStage(await SimulatedHomelab.StartAsync(cancellationToken), runbooks);
        try
        {
            await stage.FillAsync(cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>The program is ended in the middle of what it does, and started anew on the same state.</summary>
    internal async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Runtime.DisposeAsync();
        await StartAsync(cancellationToken);
    }

    /// <summary>The monitoring is switched off.</summary>
    internal async Task EndMonitoringAsync()
    {
        await _ending.CancelAsync();
        await _monitoring;
        await Homelab.Kuma.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _monitoring;
        if (Runtime is not null) await Runtime.DisposeAsync();
        if (Site is not null) await Site.DisposeAsync();
        if (Cloudflare is not null) await Cloudflare.DisposeAsync();
        if (Tailscale is not null) await Tailscale.DisposeAsync();
        await Homelab.DisposeAsync();
        _folder?.Dispose();
        Authority.Dispose();
        _ending.Dispose();
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        _folder = await SimulatedLabFolder.WriteAsync(Homelab, path: null, cancellationToken);
        Tailscale = await SimulatedTailscale.StartAsync(Path.Combine(_folder.Path, "t.sock"), cancellationToken);
        Cloudflare = await SimulatedCloudflare.StartAsync(CloudflareToken);
        Site = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "site"), Authority.Issue(90));
        var proxy = Homelab.ContainerOf("traefik");
        var starts = proxy.Starts;
        proxy.StateChanged += (_, _) =>
        {
            // That its health becomes known is no start.
            if (!Renews || proxy.Starts == Interlocked.Exchange(ref starts, proxy.Starts)) return;
            Site.Certificate = Authority.Issue(90);
        };
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "secrets", CloudflareSecret), CloudflareToken, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "ca.pem"), Authority.Pem, cancellationToken);
        var simulated = await File.ReadAllTextAsync(_folder.LabFile, cancellationToken);
        await File.WriteAllTextAsync(_folder.LabFile, RehearsalLabFile.Write(simulated, this, Homelab), cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_folder.Path, "secrets", CloudflareSecret), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _file = new LabReader(ProviderList.Settings, static _ => null).Read(_folder.LabFile);
        foreach (var monitor in s_monitors) await Homelab.Kuma.CheckNowAsync(monitor, cancellationToken);
        // What becomes healthy later would mend by itself what a scenario has broken.
        while (Homelab.Engines.Values.SelectMany(static e => e.Containers).Any(static c => c.Health == ContainerHealth.Starting)) await Task.Delay(s_glance, cancellationToken);
        _monitoring = MonitorAsync();
        await StartAsync(cancellationToken);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var tempo = new HealingTempo(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200))
        {
            ApprovalPoll = TimeSpan.FromMilliseconds(40),
            RootPoll = TimeSpan.FromMilliseconds(50),
            FirstLook = TimeSpan.FromSeconds(2),
            NoticeBackoff = TimeSpan.FromMilliseconds(50),
        };
        Runtime = await HomelabRuntime.OpenAsync(_file!, new RuntimeOptions { Runbooks = _runbooks, Tempo = tempo }, cancellationToken);
        await Runtime.StartHealingAsync(cancellationToken);
    }

    private async Task MonitorAsync()
    {
        using var timer = new PeriodicTimer(s_glance);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                foreach (var monitor in s_monitors) await Homelab.Kuma.CheckNowAsync(monitor, _ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
