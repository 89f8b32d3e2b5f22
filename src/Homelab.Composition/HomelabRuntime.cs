using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Homelab.Automation.Approvals;
using Homelab.Automation.Healing;
using Homelab.Automation.House;
using Homelab.Automation.Intake;
using Homelab.Automation.Notifications;
using Homelab.Automation.Runbooks;
using Homelab.Automation.Schedules;
using Homelab.Automation.Tapes;
using Homelab.Automation.Watching;
using Homelab.Composition.Access;
using Homelab.Composition.Procedures;
using Homelab.Configuration;
using Homelab.State;

namespace Homelab.Composition;

/// <summary>
/// A lab put together: providers, catalog, gate, approvals and healing over one store. Nothing begins by itself: healing begins with
/// <see cref="StartHealingAsync"/>, the schedule with <see cref="StartScheduleAsync"/>; requests need neither.
/// </summary>
public sealed class HomelabRuntime : IAsyncDisposable
{
    private readonly IReadOnlyList<Provider> _providers;
    private readonly ApprovalCourier _courier;
    private readonly TapeWriter? _tape;
    private readonly Successor _successor;
    private readonly Heartbeat _heartbeat;
    private readonly HouseDesk _house;

    private HomelabRuntime(LabFile file, RuntimeOptions options, IStateStore store, ISecretSource secrets, SecretRedactor redactor)
    {
        File = file;
        Time = options.Time;
        Store = store;
        Redactor = redactor;
        Secrets = secrets;
        var lab = file.Lab;
        _providers = ProviderList.Create(new ProviderContext(lab, file.BasePath, Secrets, options.Time) { Yaml = new YamlReader(), Trace = line => options.Trace(redactor.Redact(line)) });
        var post = new NoticePost(store);
        var decider = new Decider(lab.Access, lab.Policy, SelfIdentity.Patterns(lab));
        Access = new AccessDesk(lab, decider, file.BasePath, store.Credentials, () => Catalog!, options.Time);
        _house = new HouseDesk(store, options.Time);
        Procedures = new ProcedureShelf(file.BasePath);
        Catalog = new OperationCatalog([.. _providers.SelectMany(p => p.Operations), .. OwnOperations.Create(new HealingSwitch(lab.Name, store, store), post, _house, Access, Procedures)]);
        var approval = ApproverList.Complete(lab);
        Approvals = new ApprovalDesk(store, approval, options.Time);
        Gate = new OperationGate(Catalog, decider, lab.Policy.Limits, store, Approvals, redactor, options.Time, ContainersOf(lab), options.PartingLook);
        Runbooks = options.Runbooks ?? RunbookFolder.Read(file);
        Checker = new RunbookChecker(Catalog, decider);
        Intake = new AlertIntake(lab, _providers.SelectMany(p => p.AlertSources));
        var tempo = options.Tempo ?? new HealingTempo(lab.Server.ImportantDelay, lab.Server.StandardDelay);
        var notifiers = _providers.SelectMany(p => p.Notifiers);
        _tape = lab.Server.Tape is { } tape ? new TapeWriter(Path.Combine(file.BasePath, tape), lab.Server.TapeLimit, redactor.Redact, text => Healing!.ReportTrouble(text)) : null;
        var context = new HealingContext(lab, Gate, Approvals, store, store, new RunbookShelf(Runbooks), notifiers, tempo, options.Observers, options.Time) { Operations = ProviderList.SetUp(Catalog, lab), Record = _tape is null ? null : _tape.Write };
        post.Serve(context);
        Healing = new HealingEngine(context);
        _courier = new ApprovalCourier(_providers.SelectMany(p => p.ApprovalChannels), store, approval, context);
        Desk = new RunbookDesk(context, Checker);
        _house.Serve(context, Healing, Desk, Checker);
        Schedule = new ScheduleKeeper(context, Desk, store);
        _successor = new Successor(context, Healing, Desk, Schedule);
        _heartbeat = new Heartbeat(context, store, [.. _providers.SelectMany(p => p.HeartbeatSinks)], lab.Server.Heartbeat);
    }

    /// <summary>The lab file it was made from.</summary>
    public LabFile File { get; }

    /// <summary>Where the state is: a file, absolute, or a database and its server.</summary>
    public required string StatePath { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Everything that can be done.</summary>
    public OperationCatalog Catalog { get; }

    /// <summary>The one way to do it.</summary>
    public OperationGate Gate { get; }

    /// <summary>The questions to people.</summary>
    public ApprovalDesk Approvals { get; }

    /// <summary>Who may come in over HTTP.</summary>
    public AccessDesk Access { get; }

    /// <summary>The state.</summary>
    public IStateStore Store { get; }

    /// <summary>Opens secret references.</summary>
    public ISecretSource Secrets { get; }

    /// <summary>Keeps opened secrets out of texts.</summary>
    public SecretRedactor Redactor { get; }

    /// <summary>The runbooks, checked or not.</summary>
    public IReadOnlyList<Runbook> Runbooks { get; }

    /// <summary>The procedures.</summary>
    public ProcedureShelf Procedures { get; }

    /// <summary>Checks runbooks.</summary>
    public RunbookChecker Checker { get; }

    /// <summary>Reads what comes in by the hooks.</summary>
    public AlertIntake Intake { get; }

    /// <summary>Healing.</summary>
    public HealingEngine Healing { get; }

    /// <summary>Runs runbooks on request, and says beforehand what they would do.</summary>
    public RunbookDesk Desk { get; }

    /// <summary>Runs runbooks by the clock.</summary>
    public ScheduleKeeper Schedule { get; }

    /// <summary>Every mistake that only shows when lab, catalog and runbooks meet.</summary>
    public IReadOnlyList<ConfigurationProblem> Check() => [.. PolicyFit.Check(File, Catalog, Runbooks, Checker), .. Intake.Check(File.Source)];

    /// <summary>
    /// Puts in force what a lab file says of who may do what: its <c>access</c>, and of its <c>policy</c> what decides about a call (approvals, runbooks, targets, protected, self, windows).
    /// Nothing else of it is taken.
    /// </summary>
    /// <param name="file">The lab file as it was read anew.</param>
    /// <param name="cancellationToken">Ends the wait for the audit.</param>
    /// <exception cref="ConfigurationException">It does not fit the catalog or the runbooks; the policy stays as it was.</exception>
    public async Task TakePolicyAsync(LabFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var (access, policy) = (file.Lab.Access, file.Lab.Policy);
        if (PolicyFit.Check(file, Catalog, Runbooks, new RunbookChecker(Catalog, new Decider(access, policy, []))) is { Count: > 0 } problems) throw new ConfigurationException(problems);
        // First the line: a policy that holds and that nobody can be found to have brought would be worse than one that comes late.
        await Store.AppendAuditAsync(
            new AuditEntry { Time = Time.GetUtcNow(), Kind = AuditKind.Outcome, Operation = "policy_take", Target = Target.Lab.Key, Trigger = "file", Identity = file.Files is [var first, ..] ? first : "", Result = "in force" },
            durable: true,
            cancellationToken).ConfigureAwait(false);
        Gate.Decider.Take(access, policy);
    }

    /// <summary>Looks whether the systems can be reached and let us do what we need: all at once, each in a bounded time, as it comes.</summary>
    public async IAsyncEnumerable<LabCheck> CheckConnectionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var checks = Channel.CreateUnbounded<LabCheck>();
        var looking = LookAsync();
        try
        {
            await foreach (var check in checks.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return check;
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task LookAsync()
        {
            try
            {
                await Task.WhenAll(_providers.Select(AskAsync)).ConfigureAwait(false);
                checks.Writer.TryComplete();
            }
            catch (Exception e)
            {
                checks.Writer.TryComplete(e);
            }
        }

        async Task AskAsync(Provider provider)
        {
            await foreach (var check in provider.CheckAsync(leaving.Token).ConfigureAwait(false)) checks.Writer.TryWrite(check);
        }
    }

    /// <summary>Puts a lab together and opens its state.</summary>
    /// <exception cref="HomelabException">
    /// <c>StateTooNew</c>, <c>StateUnreadable</c>; with a database also <c>StateUnreachable</c>, <c>DatabaseInvalid</c>, <c>SecretNotFound</c>; <c>ConfigurationInvalid</c> for a
    /// runbook that cannot be read.
    /// </exception>
    public static async Task<HomelabRuntime> OpenAsync(LabFile file, RuntimeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var redactor = new SecretRedactor();
        var secrets = new SecretSource(file.BasePath, redactor, Environment.GetEnvironmentVariable, options.Vault);
        var (store, path) = await OpenStateAsync(file, options, secrets, redactor, cancellationToken).ConfigureAwait(false);
        try
        {
            return new HomelabRuntime(file, options, options.WrapStore(store), secrets, redactor) { StatePath = path };
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<(IStateStore Store, string Path)> OpenStateAsync(LabFile file, RuntimeOptions options, SecretSource secrets, SecretRedactor redactor, CancellationToken cancellationToken)
    {
        var server = file.Lab.Server;
        if (options.StatePath is null && server.Database is { } reference)
        {
            var connection = await secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            if (PostgresStore.PasswordOf(connection) is { } password) redactor.Learn(password);
            var store = await PostgresStore.OpenAsync(connection, server.Lease, options.Time, cancellationToken).ConfigureAwait(false);
            return (store, store.Name);
        }

        var path = Path.GetFullPath(options.StatePath ?? Path.Combine(file.BasePath, server.State));
        return (await SqliteStore.OpenAsync(path, options.Time, cancellationToken).ConfigureAwait(false), path);
    }

    /// <summary>A way to play a tape of alerts through this lab's rules, runbooks and policy: of files alone, so that no system is touched.</summary>
    public Replay NewReplay() =>
        new(File.Lab, Catalog, Runbooks, new HealingTempo(File.Lab.Server.ImportantDelay, File.Lab.Server.StandardDelay)) { Operations = ProviderList.SetUp(Catalog, File.Lab) };

    /// <summary>Takes up what was left open, now and as long as it runs, asks people and takes their answers, and listens to every feed.</summary>
    /// <exception cref="ConfigurationException">A runbook, a hook or a policy does not fit the catalog; nothing was begun.</exception>
    public async Task StartHealingAsync(CancellationToken cancellationToken)
    {
        if (Check() is { Count: > 0 } problems) throw new ConfigurationException(problems);
        _courier.Start();
        await Healing.StartAsync(cancellationToken).ConfigureAwait(false);
        await Healing.BeatAsync(_heartbeat, cancellationToken).ConfigureAwait(false);
        await Desk.SettleAsync(cancellationToken).ConfigureAwait(false);
        _successor.BeginToHeal();
        foreach (var feed in _providers.SelectMany(p => p.AlertFeeds)) Healing.Listen(feed);
        if (File.Lab.Server.ProbeEvery is { } every) Healing.Listen(new ProbeFeed(File.Lab, every, new VerificationLadder(Gate, hasMonitoring: false, hasGuests: false), Healing.ReportTrouble, Time));
    }

    /// <summary>
    /// Keeps the schedule: with healing where <see cref="StartHealingAsync"/> was called before, else alone. What was left under way is settled first, and messages are sent.
    /// </summary>
    /// <exception cref="ConfigurationException">As for <see cref="StartHealingAsync"/>.</exception>
    public async Task StartScheduleAsync(CancellationToken cancellationToken)
    {
        if (Check() is { Count: > 0 } problems) throw new ConfigurationException(problems);
        await Healing.StartAsideAsync(cancellationToken).ConfigureAwait(false);
        await Desk.SettleAsync(cancellationToken).ConfigureAwait(false);
        await Schedule.StartAsync(cancellationToken).ConfigureAwait(false);
        _successor.BeginToKeepSchedule();
    }

    private static Dictionary<string, int> ContainersOf(LabDefinition lab) =>
        lab.Services.Values.Select(static s => s.Container).OfType<ContainerRef>().Where(static c => c.Host is not null).Distinct()
            .GroupBy(static c => c.Host!, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync().ConfigureAwait(false);
        await _successor.DisposeAsync().ConfigureAwait(false);
        await Schedule.DisposeAsync().ConfigureAwait(false);
        await _courier.DisposeAsync().ConfigureAwait(false);
        await Healing.DisposeAsync().ConfigureAwait(false);
        if (_tape is not null) await _tape.DisposeAsync().ConfigureAwait(false);
        foreach (var provider in _providers) await provider.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
    }
}
