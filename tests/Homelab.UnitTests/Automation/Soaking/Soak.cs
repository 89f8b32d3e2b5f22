using System.Globalization;
using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Automation.Notifications;
using Homelab.Automation.Runbooks;
using Homelab.Automation.Schedules;
using Homelab.Automation.Watching;
using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation.Soaking;

/// <summary>
/// Healing as it works for hours, in time that is moved by hand: 200 services, two monitoring systems, storms, probes, the clock, messages that sometimes cannot be
/// sent, over a real store. The same seed always makes the same alerts.
/// </summary>
internal sealed class Soak : IAsyncDisposable, INotifier
{
    private const int Services = 200;
    private const int Machines = 8;
    private const int Dependents = 30;
    private const int StormAt = 25;
    private const int StormRepeats = 20;

    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_storm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);
    private static readonly string[] s_sources = ["kuma", "alertmanager"];

    private static readonly LabDefinition s_lab = Lab();

    private readonly ManualTime _time = new();
    private readonly HealingWorld _world = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-soak-");
    private readonly Dictionary<string, DateTimeOffset> _down = new(StringComparer.Ordinal);
    // Seeded on purpose: a failure must come again.
#pragma warning disable CA5394
    private readonly Random _random = new(11);
#pragma warning restore CA5394
    private int _alerts;
    private int _messages;
    private DateTimeOffset _stormUntil;
    private SqliteStore _store = null!;
    private HealingEngine _engine = null!;
    private ScheduleKeeper _schedule = null!;
    private Successor _successor = null!;

    public string Name => "soak";

    internal static async Task<Soak> StartAsync(CancellationToken cancellationToken)
    {
        var soak = new Soak();
        await soak.OpenAsync(cancellationToken);
        return soak;
    }

    /// <summary>Lines of the audit so far, which are kept for ever.</summary>
    internal async Task<int> CountAuditAsync(CancellationToken cancellationToken)
    {
        var lines = 0;
        await foreach (var _ in _store.ReadAuditAsync(1, cancellationToken)) lines++;
        return lines;
    }

    /// <summary>Lets time pass: failures as they come, and a storm in the middle of each hour, of which everybody tells again and again.</summary>
    /// <returns>What was measured every ten minutes.</returns>
    internal async Task<IReadOnlyList<SoakMark>> PassAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        var marks = new List<SoakMark>();
        for (var minute = 0; minute < length.TotalMinutes; minute++)
        {
            if (Chance(0.6)) Fail(Service(1 + Pick(Services - 1)));
            var isStorm = minute % 60 == StormAt;
            if (isStorm)
            {
                _stormUntil = _time.GetUtcNow() + s_storm;
                foreach (var service in Enumerable.Range(0, Dependents + 1)) Fail(Service(service));
            }

            for (var times = 0; times < (isStorm ? StormRepeats : 1); times++) await ReportAsync(cancellationToken);
            await MoveAsync(TimeSpan.FromMinutes(1), cancellationToken);
            if (minute % 10 == 9) marks.Add(await MeasureAsync(TimeSpan.FromMinutes(minute + 1), cancellationToken));
        }

        return marks;
    }

    /// <summary>Lets everything be well from here on, and time pass until it is calm.</summary>
    internal async Task<SoakMark> CalmAsync(CancellationToken cancellationToken)
    {
        for (var minute = 0; minute < 60; minute++)
        {
            foreach (var service in _down.Keys) _world.Set(service, true);
            await ReportAsync(cancellationToken);
            await MoveAsync(TimeSpan.FromMinutes(1), cancellationToken);
        }

        // On a busy machine time may have gone faster than the work.
        for (var minute = 0; minute < 60 && _engine.Active > 0; minute++) await MoveAsync(TimeSpan.FromMinutes(1), cancellationToken);
        return await MeasureAsync(TimeSpan.Zero, cancellationToken);
    }

    public Task SendAsync(string text, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _messages) % 10 == 0 ? throw new HomelabException(ErrorKind.Unavailable, "SoakSilent", "Nobody answers this time.") : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _successor.DisposeAsync();
        await _schedule.DisposeAsync();
        await _engine.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _store = await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, "s.db"), _time, cancellationToken);
        // The root brings back all that needs it, though not at once in a storm; one restart in eight helps nobody.
        _world.OnRestart = name =>
        {
            if (Chance(0.125) || (name == Service(0) && _time.GetUtcNow() < _stormUntil)) _world.Set(name, false);
            else if (name == Service(0)) Array.ForEach([.. Enumerable.Range(0, Dependents + 1)], i => _world.Set(Service(i), true));
        };
        var approvals = new ApprovalDesk(_store, s_lab.Policy.Approval, _time);
        var post = new NoticePost(_store);
        var catalog = new OperationCatalog([.. _world.Operations, new SendNotification(post)]);
        var gate = new OperationGate(catalog, new Decider(s_lab.Access, s_lab.Policy, []), s_lab.Policy.Limits, _store, approvals, new SecretRedactor(), _time);
        var context = new HealingContext(s_lab, gate, approvals, _store, _store, new RunbookShelf(Runbooks()), [this], new HealingTempo(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)), [], _time);
        post.Serve(context);
        _engine = new HealingEngine(context);
        var desk = new RunbookDesk(context, new RunbookChecker(catalog, new Decider(s_lab.Access, s_lab.Policy, [])));
        _schedule = new ScheduleKeeper(context, desk, _store);
        _successor = new Successor(context, _engine, desk, _schedule);
        await _engine.StartAsync(cancellationToken);
        await _engine.BeatAsync(new Heartbeat(context, _store, [], TimeSpan.FromSeconds(30)), cancellationToken);
        await _schedule.StartAsync(cancellationToken);
        _successor.BeginToHeal();
        _successor.BeginToKeepSchedule();
        _engine.Listen(new ProbeFeed(s_lab, TimeSpan.FromMinutes(1), new VerificationLadder(gate, hasMonitoring: false, hasGuests: false), _engine.ReportTrouble, _time));
    }

    private void Fail(string service) => _world.Set(service, false);

    /// <summary>Both monitoring systems tell what changed, repeat each minute what has not, and send one of ten alerts twice. After a while a person helps.</summary>
    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        foreach (var service in Enumerable.Range(0, Services).Select(Service))
        {
            var isUp = _world.IsUp(service);
            if (isUp && !_down.Remove(service)) continue;
            // What nothing has helped for so long, a person does.
            if (!isUp && !_down.TryAdd(service, _time.GetUtcNow() + s_patience) && _down[service] <= _time.GetUtcNow()) _world.Set(service, true);
            foreach (var source in s_sources)
            {
                var alert = new Alert { Source = source, Status = isUp ? AlertStatus.Up : AlertStatus.Down, Subject = service, Message = isUp ? "HTTP 200" : "HTTP 503", At = _time.GetUtcNow(), Fingerprint = string.Create(CultureInfo.InvariantCulture, $"f{++_alerts}") };
                await _engine.AcceptAsync(source, alert, cancellationToken);
                if (_alerts % 10 == 0) await _engine.AcceptAsync(source, alert, cancellationToken);
            }
        }
    }

    private async Task MoveAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        for (var moved = TimeSpan.Zero; moved < length; moved += s_step)
        {
            _time.Advance(s_step);
            await SettleAsync(cancellationToken);
        }

        _time.Forget();
    }

    // What time has set off is done when the pool has had nothing to do for a moment; the ticks themselves are work too.
    private static async Task SettleAsync(CancellationToken cancellationToken)
    {
        const int Own = 2;
        using var ticks = new PeriodicTimer(s_tick);
        for (var before = long.MinValue / 2; ; before = ThreadPool.CompletedWorkItemCount)
        {
            if (ThreadPool.PendingWorkItemCount == 0 && ThreadPool.CompletedWorkItemCount - before <= Own) return;
            await ticks.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<SoakMark> MeasureAsync(TimeSpan at, CancellationToken cancellationToken)
    {
        var open = await _store.ListOpenIncidentsAsync(cancellationToken);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        return new SoakMark(at, heap / 1048576.0, _folder.EnumerateFiles().Sum(f => f.Length) / 1048576.0, ThreadPool.ThreadCount, _time.Waiting, _engine.Active, open.Count, _alerts, _messages, Environment.CpuUsage.TotalTime);
    }

#pragma warning disable CA5394
    private bool Chance(double share)
    {
        lock (_random) return _random.NextDouble() < share;
    }

    private int Pick(int below)
    {
        lock (_random) return _random.Next(below);
    }
#pragma warning restore CA5394

    private static string Service(int index) => string.Create(CultureInfo.InvariantCulture, $"s{index}");

    private static Runbook[] Runbooks() =>
    [
        new()
        {
            Name = "restart",
            Level = Level.Operate,
            Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
            Throttle = new RunbookThrottle { Cooldown = TimeSpan.FromMinutes(2), Attempts = 3, Backoff = TimeSpan.FromSeconds(30) },
            Steps = [new RunbookStep { Id = "restart", Do = "docker_restart_container", With = new JsonObject { ["container"] = "{{ service.container }}" } }],
            Verify = new RunbookVerify { Settle = TimeSpan.FromSeconds(10), Within = TimeSpan.FromSeconds(60) },
        },
        new()
        {
            Name = "look",
            Level = Level.Monitor,
            Trigger = new RunbookTrigger { Schedule = new ScheduleTrigger { Every = TimeSpan.FromMinutes(5) } },
            Steps = [new RunbookStep { Id = "look", Do = "docker_check_container", With = new JsonObject { ["container"] = "s1@m1" } }],
        },
    ];

    private static LabDefinition Lab() => new()
    {
        Hosts = Enumerable.Range(0, Machines).ToDictionary(static i => $"m{i}", static i => new HostDefinition { Address = $"10.0.1.{i + 1}", Ssh = new SshDefinition { User = "homelab" } }, StringComparer.Ordinal),
        Services = Enumerable.Range(0, Services).ToDictionary(
            Service,
            static i => new ServiceDefinition
            {
                Container = new ContainerRef($"{Service(i)}@m{i % Machines}"),
                Tier = i % 5 == 4 ? ServiceTier.Important : ServiceTier.Critical,
                DependsOn = i is > 0 and <= Dependents ? [Service(0)] : [],
                Check = new CheckDefinition(),
            },
            StringComparer.Ordinal),
    };
}

/// <summary>What was measured at one moment of a soak.</summary>
/// <param name="At">When, from its beginning.</param>
/// <param name="Heap">Megabytes on the managed heap after a full collection.</param>
/// <param name="State">Megabytes of the state on disk.</param>
/// <param name="Threads">Threads of the pool.</param>
/// <param name="Waiting">Waits for a time.</param>
/// <param name="Active">Incidents that are worked on.</param>
/// <param name="Open">Incidents that are open.</param>
/// <param name="Alerts">Alerts so far.</param>
/// <param name="Messages">Messages so far.</param>
/// <param name="Processor">Processor time of the process so far.</param>
internal sealed record SoakMark(TimeSpan At, double Heap, double State, int Threads, int Waiting, int Active, int Open, int Alerts, int Messages, TimeSpan Processor)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{At:d\\.hh\\:mm}  heap {Heap:F2} MB  state {State:F1} MB  threads {Threads}  waiting {Waiting}  worked on {Active}  open {Open}  alerts {Alerts}  messages {Messages}  processor {Processor.TotalSeconds:F1} s");
}
