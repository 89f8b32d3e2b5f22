using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.UnitTests.Automation;

/// <summary>Monitors that can be paused and alerts that can be silenced, and an account of what happened in which order.</summary>
internal sealed class QuietWorld
{
    private readonly ConcurrentDictionary<string, bool> _paused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Silence> _silences = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _story = new();
    private int _refusals;

    internal IReadOnlyList<Operation> Operations => [new Pause(this), new Resume(this), new Create(this), new Expire(this), new ListAll(this)];

    internal IReadOnlyList<string> Story => [.. _story];

    /// <summary>When true nothing can be asked.</summary>
    internal bool IsAway { get; set; }

    /// <summary>How many undoings fail from now on.</summary>
    internal int RefuseUndoing { get => _refusals; set => _refusals = value; }

    /// <summary>Hears of each undoing, before it is done.</summary>
    internal Action OnUndoing { get; set; } = static () => { };

    internal bool IsPaused(string monitor) => _paused.ContainsKey(monitor);

    internal IEnumerable<Silence> Active => _silences.Values.Where(static s => s.State == SilenceState.Active);

    internal void Tell(string what) => _story.Enqueue(what);

    internal void SetPaused(string monitor, bool paused)
    {
        if (paused) _paused[monitor] = true;
        else _paused.TryRemove(monitor, out _);
    }

    private MonitorActivity Switch(string monitor, bool active)
    {
        Look();
        if (active) Refuse();
        var changed = IsPaused(monitor) == active;
        if (changed)
        {
            SetPaused(monitor, !active);
            Tell($"{(active ? "resume" : "pause")} {monitor}");
        }

        return new MonitorActivity { Name = monitor, Id = "1", Active = active, Changed = changed };
    }

    private void Look()
    {
        if (IsAway) throw new HomelabException(ErrorKind.Unavailable, "KumaUnreachable", "The monitoring gives no answer.") { NothingHappened = true };
    }

    private void Refuse()
    {
        OnUndoing();
        if (_refusals > 0 && Interlocked.Decrement(ref _refusals) >= 0) throw new HomelabException(ErrorKind.Failed, "KumaRefused", "It is not done.");
    }

    internal sealed record MonitorInput
    {
        [Subject, Description("The monitor.")]
        public required string Monitor { get; init; }
    }

    internal sealed record SilenceInput
    {
        [Subject, Description("Which.")]
        public required IReadOnlyList<string> Matcher { get; init; }

        [Description("How long.")]
        public TimeSpan For { get; init; }

        [Description("Why.")]
        public string Comment { get; init; } = "";
    }

    internal sealed record IdInput
    {
        [Subject, Description("Which.")]
        public required string Id { get; init; }
    }

    internal sealed record TextInput
    {
        [Description("Which.")]
        public string? Text { get; init; }
    }

    [Operation("kuma_pause_monitor", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true), Description("Pauses.")]
    private sealed class Pause(QuietWorld world) : Change<MonitorInput, MonitorActivity>
    {
        public override Intent Describe(MonitorInput input) => new("Pause monitor", new Target("monitor", input.Monitor));

        protected override Task<MonitorActivity> RunAsync(MonitorInput input, OperationContext context, CancellationToken cancellationToken) => Task.FromResult(world.Switch(input.Monitor, active: false));
    }

    [Operation("kuma_resume_monitor", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true), Description("Resumes.")]
    private sealed class Resume(QuietWorld world) : Change<MonitorInput, MonitorActivity>
    {
        public override Intent Describe(MonitorInput input) => new("Resume monitor", new Target("monitor", input.Monitor));

        protected override Task<MonitorActivity> RunAsync(MonitorInput input, OperationContext context, CancellationToken cancellationToken) => Task.FromResult(world.Switch(input.Monitor, active: true));
    }

    [Operation("alertmanager_create_silence", Level.Operate, Risk.Change, Unattended = Requirement.Auto), Description("Silences.")]
    private sealed class Create(QuietWorld world) : Change<SilenceInput, Silence>
    {
        public override Intent Describe(SilenceInput input) => new("Silence", new Target("silence", string.Join(',', input.Matcher)));

        protected override Task<Silence> RunAsync(SilenceInput input, OperationContext context, CancellationToken cancellationToken)
        {
            world.Look();
            var now = context.Time.GetUtcNow();
            var silence = new Silence { Id = Guid.NewGuid().ToString(), State = SilenceState.Active, Matchers = input.Matcher, StartsAt = now, EndsAt = now + input.For, Comment = input.Comment };
            world._silences[silence.Id] = silence;
            world.Tell($"silence {input.Matcher[0]}");
            return Task.FromResult(silence);
        }
    }

    [Operation("alertmanager_expire_silence", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true), Description("Ends a silence.")]
    private sealed class Expire(QuietWorld world) : Change<IdInput, Silence>
    {
        public override Intent Describe(IdInput input) => new("End silence", new Target("silence", input.Id));

        protected override Task<Silence> RunAsync(IdInput input, OperationContext context, CancellationToken cancellationToken)
        {
            world.Look();
            world.Refuse();
            var ended = world._silences[input.Id] with { State = SilenceState.Expired };
            world._silences[input.Id] = ended;
            world.Tell($"tell again {ended.Matchers[0]}");
            return Task.FromResult(ended);
        }
    }

    [Operation("alertmanager_list_silences", Level.Monitor, Risk.Read), Description("Lists.")]
    private sealed class ListAll(QuietWorld world) : Query<TextInput, Silence>
    {
        protected override async IAsyncEnumerable<Silence> RunAsync(TextInput input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (var silence in world.Active.Where(s => input.Text is null || Wildcard.Matches(input.Text, s.Comment))) yield return silence;
        }
    }
}
