using System.Net.Http;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Rehearsals;
using Homelab.Host.Web;
using Homelab.Lab;
using Homelab.Lab.Docker;
using Homelab.Lab.Services;
using Homelab.State;
using Homelab.SystemTests.Kill;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Faults;

/// <summary>One row's simulated homelab, and the product over it as it is shipped: its doors, its feeds, its store. In this process, or in one that is killed.</summary>
internal sealed partial class FaultStage : IAsyncDisposable
{
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(6);

    private readonly CancellationTokenSource _ending = new(s_patience);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = s_patience };
    private readonly SimulatedLabFolder _folder;
    private Task _monitoring = Task.CompletedTask;
    private SqliteStore? _beside;
    private HomelabRuntime? _runtime;
    private HomelabServer? _server;
    private HostProcess? _child;
    private Uri? _door;
    private volatile bool _isFrozen;

    private FaultStage(FaultRow row, SimulatedHomelab homelab, SimulatedLabFolder folder, SimulatedService site, SimulatedService prometheus, RehearsalAuthority authority)
    {
        (Row, Homelab, _folder, Site, Prometheus, Authority) = (row, homelab, folder, site, prometheus, authority);
        Hold = new StoreHold(StatePath);
        ContainerNames = homelab.Engines.Values.SelectMany(static e => e.Containers).ToDictionary(static c => c.Id, static c => c.Name, StringComparer.Ordinal);
        Telling = [new Told(row.Scenario.Service, row.Scenario.Status, Clock.GetUtcNow()), .. row.Scenario.Dependents.Select(d => new Told(d, AlertStatus.Down, Clock.GetUtcNow()))];
    }

    internal FaultRow Row { get; }

    internal SimulatedHomelab Homelab { get; }

    /// <summary>A site that shows a certificate; the proxy renews it when it starts.</summary>
    internal SimulatedService Site { get; }

    /// <summary>Answers what <see cref="PrometheusSays"/>.</summary>
    internal SimulatedService Prometheus { get; }

    internal RehearsalAuthority Authority { get; }

    internal JumpingClock Clock { get; } = new();

    internal StoreHold Hold { get; }

    internal HealingEvents Events { get; } = new();

    internal IReadOnlyDictionary<string, string> ContainerNames { get; }

    internal string PrometheusSays { get; set; } = SourceBodies.Prometheus();

    /// <summary>What the sources show at the door; the right token when null.</summary>
    internal string? Token { get; set; }

    /// <summary>What becomes of a body on its way; null for nothing.</summary>
    internal Func<string, string>? Spoil { get; set; }

    /// <summary>How a body is sent; at once when null.</summary>
    internal Func<string, HttpContent>? Content { get; set; }

    /// <summary>Where the program listens.</summary>
    internal Uri Door => _door!;

    /// <summary>How long a step of a runbook may take.</summary>
    internal TimeSpan Step { get; set; } = FaultHaste.Usual;

    /// <summary>A person's answer to every question; null for none.</summary>
    internal bool? Answer { get; set; } = true;

    internal CancellationToken Cancellation => _ending.Token;

    internal IStateStore Store => _runtime?.Store ?? _beside!;

    private string StatePath => Path.Combine(_folder.Path, "homelab.db");

    internal static async Task<FaultStage> OpenAsync(FaultRow row)
    {
        var homelab = await SimulatedHomelab.StartAsync(CancellationToken.None);
        var authority = new RehearsalAuthority();
        FaultStage? stage = null;
        var site = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "site"), authority.Issue(90));
        var prometheus = await SimulatedService.StartAsync(_ => new ServiceAnswer(200, stage!.PrometheusSays) { ContentType = "application/json" });
        stage = new FaultStage(row, homelab, await SimulatedLabFolder.WriteAsync(homelab, path: null, CancellationToken.None), site, prometheus, authority);
        var proxy = homelab.ContainerOf("traefik");
        var starts = proxy.Starts;
        proxy.StateChanged += (_, _) =>
        {
            // That its health becomes known is no start.
            if (proxy.Starts != Interlocked.Exchange(ref starts, proxy.Starts)) site.Certificate = authority.Issue(90);
        };
        await File.WriteAllTextAsync(Path.Combine(stage._folder.Path, "ca.pem"), authority.Pem);
        await File.WriteAllTextAsync(stage._folder.LabFile, FaultLabFile.Write(await File.ReadAllTextAsync(stage._folder.LabFile), stage));
        // What becomes healthy later would mend by itself what a scenario has broken.
        await Eventually.HoldsAsync("all is well", () => Task.FromResult(homelab.Engines.Values.SelectMany(static e => e.Containers).All(static c => c.Health != ContainerHealth.Starting)), stage.Cancellation);
        await stage.MonitorAsync();
        stage._monitoring = Task.Run(stage.KeepMonitoringAsync);
        return stage;
    }

    /// <summary>The monitoring stands still: it says what it has seen last.</summary>
    internal void FreezeMonitoring() => _isFrozen = true;

    internal SimulatedContainer Container(string service) => Homelab.ContainerOf(service);

    /// <summary>Brings the scenario about.</summary>
    internal void Break() => Row.Scenario.Break(this);

    /// <summary>Starts the program in this process.</summary>
    internal async Task StartAsync()
    {
        Hold.Prepare();
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(_folder.LabFile);
        // More often than a lab file may ask for, so that nobody waits.
        if (Row.Origin == AlertOrigin.Probe) file = file with { Lab = file.Lab with { Server = file.Lab.Server with { ProbeEvery = TimeSpan.FromMilliseconds(300) } } };
        var counters = new HealingCounters();
        var options = new RuntimeOptions { Runbooks = FaultHaste.Runbooks(Step), Tempo = FaultHaste.Tempo, Observers = [Events, counters], Time = Clock, WrapStore = Hold.Watch };
        var watches = Homelab.Engines.Values.ToDictionary(static e => e, static e => e.Watches);
        _runtime = await HomelabRuntime.OpenAsync(file, options, Cancellation);
        await _runtime.StartHealingAsync(Cancellation);
        _server = await HomelabServer.StartAsync(_runtime, counters, "127.0.0.1:0", Cancellation);
        _door = _server.Url;
        if (Row.Origin != AlertOrigin.DockerEvents) return;
        await Eventually.HoldsAsync("the engines are listened to", () => Task.FromResult(watches.All(static w => w.Key.Watches > w.Value)), Cancellation);
    }

    /// <summary>Ends the program in this process in the middle of what it does, and starts it anew on the same state.</summary>
    internal async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Starts the program in a process of its own, which may kill itself at a point.</summary>
    internal async Task StartChildAsync(KillPoint point)
    {
        _beside ??= await SqliteStore.OpenAsync(StatePath, TimeProvider.System, Cancellation);
        _child = await HostProcess.StartAsync(_folder.LabFile, point, new Dictionary<string, string>(StringComparer.Ordinal), Cancellation, mode: FaultHost.Switch);
        _door = _child.Url;
    }

    /// <summary>Kills that process from outside.</summary>
    internal void KillChild() => _child!.Kill();

    /// <summary>Waits until that process is killed.</summary>
    internal async Task ChildDiesAsync()
    {
        if (!await _child!.DiesAsync(Cancellation)) throw new InvalidOperationException("The host ended by itself.");
        await _child.DisposeAsync();
        _child = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _monitoring;
        Hold.MakeRoom();
        if (_child is not null) await _child.DisposeAsync();
        await StopAsync();
        if (_beside is not null) await _beside.DisposeAsync();
        _http.Dispose();
        await Prometheus.DisposeAsync();
        await Site.DisposeAsync();
        await Homelab.DisposeAsync();
        _folder.Dispose();
        Authority.Dispose();
        _ending.Dispose();
    }

    private async Task StopAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_runtime is not null) await _runtime.DisposeAsync();
        (_server, _runtime) = (null, null);
    }

    private async Task MonitorAsync()
    {
        foreach (var monitor in HomelabPlan.Services.Where(s => Telling.Any(t => t.Service == s.Name)).Select(static s => s.Monitor)) await Homelab.Kuma.CheckNowAsync(monitor, Cancellation);
    }

    private async Task KeepMonitoringAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (await timer.WaitForNextTickAsync(Cancellation))
            {
                if (!_isFrozen) await MonitorAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
