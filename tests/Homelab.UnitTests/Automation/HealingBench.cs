using System.Collections.Concurrent;
using Homelab.Automation.Healing;
using Homelab.Automation.Notifications;
using Homelab.Automation.Runbooks;
using Homelab.Automation.Schedules;
using Homelab.Automation.Watching;
using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>Healing over a small world and a real store, fast enough for a test and observed as it goes.</summary>
public sealed class HealingBench : IAsyncDisposable, IHealingObserver, INotifier
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    // Each look of ours lets a clock that is moved by hand go on by so much; patience and all it amounts to less than any time that tests wait out.
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    // No look here ever hangs: one that takes long has no processor.
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMinutes(5);

    private readonly ConcurrentQueue<HealingEvent> _events = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly DirectoryInfo _folder;
    private readonly HealingBench? _first;
    private readonly LabDefinition _lab;
    private readonly IReadOnlyList<Runbook> _runbooks;
    private readonly TimeProvider _time;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _alerts;

    private HealingBench(LabDefinition lab, IReadOnlyList<Runbook> runbooks, TimeProvider time, HealingBench? first = null)
    {
        _lab = lab;
        _runbooks = runbooks;
        _time = time;
        _first = first;
        _folder = first?._folder ?? Directory.CreateTempSubdirectory("hl-heal-");
        World = first?.World ?? new HealingWorld();
    }

    public HealingWorld World { get; }

    public SqliteStore Store { get; private set; } = null!;

    public HealingEngine Engine { get; private set; } = null!;

    public ApprovalDesk Approvals { get; private set; } = null!;

    public OperationGate Gate { get; private set; } = null!;

    public RunbookDesk Desk { get; private set; } = null!;

    public ScheduleKeeper Schedule { get; private set; } = null!;

    public Successor Successor { get; private set; } = null!;

    public string StateFile => Path.Combine(_folder.FullName, "s.db");

    public IReadOnlyList<HealingEvent> Events => [.. _events];

    public IReadOnlyList<string> Told => [.. _told];

    /// <summary>Hears of each event once it is among <see cref="Events"/>; who told it waits for that.</summary>
    public Action<HealingEvent> OnEvent { get; set; } = static _ => { };

    public Func<string, Task> OnTell { get; set; } = static _ => Task.CompletedTask;

    public string Name => "test";

    /// <summary>How long important services are given where the clock is moved by hand: there waiting costs nothing.</summary>
    public static TimeSpan ImportantDelay { get; } = TimeSpan.FromMinutes(5);

    public static Task<HealingBench> StartAsync(LabDefinition lab, params Runbook[] runbooks) => StartAsync(lab, TimeProvider.System, runbooks);

    public static async Task<HealingBench> StartAsync(LabDefinition lab, TimeProvider time, params Runbook[] runbooks)
    {
        var bench = await OpenAsync(lab, time, runbooks);
        await bench.Engine.StartAsync(TestContext.Current.CancellationToken);
        return bench;
    }

    /// <summary>A process that only answers requests: nothing is started.</summary>
    public static async Task<HealingBench> OpenAsync(LabDefinition lab, TimeProvider time, params Runbook[] runbooks)
    {
        var bench = new HealingBench(lab, runbooks, time);
        await bench.OpenAsync();
        return bench;
    }

    /// <summary>One more on the same state and the same world, to be disposed first.</summary>
    public async Task<HealingBench> BesideAsync()
    {
        var bench = new HealingBench(_lab, _runbooks, _time, this);
        await bench.OpenAsync();
        return bench;
    }

    /// <summary>A new process on the same state: everything in memory is gone.</summary>
    public async Task RestartAsync()
    {
        await Schedule.DisposeAsync();
        await Engine.DisposeAsync();
        await Store.DisposeAsync();
        await OpenAsync();
        await Engine.StartAsync(TestContext.Current.CancellationToken);
    }

    public HealingContext Context { get; private set; } = null!;

    public Heartbeat HeartbeatOf(TimeSpan every, params IHeartbeatSink[] sinks) => new(Context, Store, sinks, every);

    /// <summary>A person suspends or resumes healing.</summary>
    public Task SwitchAsync(object input) => Gate.InvokeAsync(
        new GateRequest { Operation = input is SuspendHealing.Input ? "heal_suspend" : "heal_resume", Input = input, Caller = new Caller(Face.Interactive, "anna") },
        TestContext.Current.CancellationToken);

    public Task<AlertReceipt> DownAsync(string monitor) => AlertAsync(monitor, AlertStatus.Down);

    public Task<AlertReceipt> AlertAsync(string monitor, AlertStatus status, string? fingerprint = null) => Engine.AcceptAsync(
        "uptime-alert",
        new Alert { Source = "kuma", Status = status, Subject = monitor, Message = $"[{monitor}] {status}", At = _time.GetUtcNow(), Fingerprint = fingerprint ?? $"f{Interlocked.Increment(ref _alerts)}" },
        TestContext.Current.CancellationToken);

    /// <summary>An alert with its sender's own time.</summary>
    public Task<AlertReceipt> SendAsync(string monitor, AlertStatus status, DateTimeOffset at) => Engine.AcceptAsync(
        "uptime-alert",
        new Alert { Source = "kuma", Status = status, Subject = monitor, Message = $"[{monitor}] {status}", At = at, Fingerprint = $"f{Interlocked.Increment(ref _alerts)}" },
        TestContext.Current.CancellationToken);

    public async Task<HealingEvent> UntilAsync(HealingEventKind kind, string? service = null, int times = 1)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_patience);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var found = _events.Where(e => e.Kind == kind && (service is null || e.Service == service)).ToArray();
            if (found.Length >= times) return found[times - 1];
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{kind} of {service} did not come; what came:\n{string.Join('\n', _events.Select(x => $"{x.Kind} {x.Service} {x.Text}"))}", e);
            }
        }
    }

    /// <summary>Waits for an event while the clock, which is moved by hand, goes on by hardly anything.</summary>
    public async Task<HealingEvent> UntilAsync(ManualTime time, HealingEventKind kind, string? service = null, int times = 1)
    {
        var found = Array.Empty<HealingEvent>();
        await Eventually.HoldsAsync(
            $"{kind} of {service}",
            () =>
            {
                found = [.. _events.Where(e => e.Kind == kind && (service is null || e.Service == service))];
                if (found.Length < times) time.Advance(s_step);
                return Task.FromResult(found.Length >= times);
            },
            TestContext.Current.CancellationToken);
        return found[times - 1];
    }

    /// <summary>Waits until so many incidents have been found to come from another one.</summary>
    public Task MembersAsync(int count) => Eventually.HoldsAsync(
        $"{count} members",
        async () => (await Store.ListOpenIncidentsAsync(TestContext.Current.CancellationToken)).Count(static i => i.Parent is not null) == count,
        TestContext.Current.CancellationToken);

    public async Task<Incident> ClosedAsync(string service)
    {
        var all = await Store.ListIncidentsAsync(1000, TestContext.Current.CancellationToken);
        return all.First(i => i.Service == service && !i.IsOpen);
    }

    public void On(HealingEvent what)
    {
        _events.Enqueue(what);
        Signal();
        OnEvent(what);
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        await OnTell(text);
        _told.Enqueue(text);
    }

    public async ValueTask DisposeAsync()
    {
        await Successor.DisposeAsync();
        await Schedule.DisposeAsync();
        await Engine.DisposeAsync();
        await Store.DisposeAsync();
        if (_first is null) _folder.Delete(recursive: true);
    }

    private void Signal() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task OpenAsync()
    {
        Store = await SqliteStore.OpenAsync(StateFile, _time, TestContext.Current.CancellationToken);
        Approvals = new ApprovalDesk(Store, _lab.Policy.Approval, _time);
        var post = new NoticePost(Store);
        var catalog = new OperationCatalog([.. World.Operations, new SendNotification(post), new SuspendHealing(new HealingSwitch("lab", Store, Store)), new ResumeHealing(new HealingSwitch("lab", Store, Store))]);
        var gate = Gate = new OperationGate(catalog, new Decider(_lab.Access, _lab.Policy, []), _lab.Policy.Limits, Store, Approvals, new SecretRedactor(), _time);
        var tempo = new HealingTempo(_time is ManualTime ? ImportantDelay : TimeSpan.FromMilliseconds(300), TimeSpan.FromHours(1))
        {
            FirstLook = s_firstLook,
            ApprovalPoll = TimeSpan.FromMilliseconds(10),
            SwitchPoll = TimeSpan.FromMilliseconds(10),
            BackupPoll = TimeSpan.FromMilliseconds(10),
            RootPoll = TimeSpan.FromMilliseconds(10),
            Gather = TimeSpan.FromMilliseconds(100),
            LongestPause = TimeSpan.FromMilliseconds(20),
            NoticeBackoff = TimeSpan.FromMilliseconds(10),
            HushBackoff = TimeSpan.FromMilliseconds(10),
            HushPoll = TimeSpan.FromMilliseconds(20),
            FeedBackoff = TimeSpan.FromMilliseconds(10),
        };
        var context = Context = new HealingContext(_lab, gate, Approvals, Store, Store, new RunbookShelf(_runbooks), [this], tempo, [this], _time);
        post.Serve(context);
        Engine = new HealingEngine(context);
        Desk = new RunbookDesk(context, new RunbookChecker(catalog, new Decider(_lab.Access, _lab.Policy, [])));
        Schedule = new ScheduleKeeper(context, Desk, Store);
        Successor = new Successor(context, Engine, Desk, Schedule);
    }
}
