using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;
using Homelab.Automation.Schedules;
using Homelab.Automation.Watching;
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
    private readonly Successor _successor;
    private readonly Heartbeat _heartbeat;

    private HomelabRuntime(LabFile file, RuntimeOptions options, IStateStore store, ISecretSource secrets, SecretRedactor redactor)
    {
        File = file;
        Time = options.Time;
        Store = store;
        Redactor = redactor;
        Secrets = secrets;
        var lab = file.Lab;
        _providers = ProviderList.Create(new ProviderContext(lab, file.BasePath, Secrets, options.Time) { Trace = line => options.Trace(redactor.Redact(line)) });
        Catalog = new OperationCatalog([.. _providers.SelectMany(p => p.Operations), .. OwnOperations.Create(new HealingSwitch(lab.Name, store, store))]);
        var decider = new Decider(lab.Access, lab.Policy, SelfIdentity.Patterns(lab));
        Approvals = new ApprovalDesk(store, lab.Policy.Approval, options.Time);
        Gate = new OperationGate(Catalog, decider, lab.Policy.Limits, store, Approvals, redactor, options.Time, ContainersOf(lab));
        Runbooks = options.Runbooks ?? RunbookFolder.Read(file);
        Checker = new RunbookChecker(Catalog, lab.Access, lab.Policy);
        AlertSources = _providers.SelectMany(p => p.AlertSources).ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);
        var tempo = options.Tempo ?? new HealingTempo(lab.Server.ImportantDelay, lab.Server.StandardDelay);
        var notifiers = _providers.SelectMany(p => p.Notifiers);
        var context = new HealingContext(lab, Gate, Approvals, store, store, new RunbookShelf(Runbooks), notifiers, tempo, options.Observers, options.Time) { Operations = ProviderList.SetUp(Catalog, lab) };
        Healing = new HealingEngine(context);
        Desk = new RunbookDesk(context, Checker);
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

    /// <summary>The state.</summary>
    public IStateStore Store { get; }

    /// <summary>Opens secret references.</summary>
    public ISecretSource Secrets { get; }

    /// <summary>Keeps opened secrets out of texts.</summary>
    public SecretRedactor Redactor { get; }

    /// <summary>The runbooks, checked or not.</summary>
    public IReadOnlyList<Runbook> Runbooks { get; }

    /// <summary>Checks runbooks.</summary>
    public RunbookChecker Checker { get; }

    /// <summary>Who can read alerts, by the name that a hook's <c>source:</c> uses.</summary>
    public IReadOnlyDictionary<string, IAlertSource> AlertSources { get; }

    /// <summary>Healing.</summary>
    public HealingEngine Healing { get; }

    /// <summary>Runs runbooks on request, and says beforehand what they would do.</summary>
    public RunbookDesk Desk { get; }

    /// <summary>Runs runbooks by the clock.</summary>
    public ScheduleKeeper Schedule { get; }

    /// <summary>Every mistake that only shows when lab, catalog and runbooks meet.</summary>
    public IReadOnlyList<ConfigurationProblem> Check()
    {
        var problems = Runbooks.SelectMany(Checker.Check).Concat(RunbookChecker.CheckHandovers(Runbooks)).ToList();
        foreach (var (name, hook) in File.Lab.Hooks.Where(h => !AlertSources.ContainsKey(h.Value.Source)))
        {
            problems.Add(new ConfigurationProblem(File.Source.Of($"hooks.{name}.source"), $"hooks.{name}.source", $"'{hook.Source}' sends no alerts that can be read", NearestName.Hint(hook.Source, [.. AlertSources.Keys])));
        }

        problems.AddRange(PolicyProblems());

        foreach (var runbook in Runbooks)
        {
            const string path = "spec.trigger.schedule.service";
            if (runbook.Trigger?.Schedule?.Service is not { } service || File.Lab.Services.ContainsKey(service)) continue;
            problems.Add(new ConfigurationProblem(runbook.Source.Of(path), path, $"'{service}' is no service of the lab", NearestName.Hint(service, [.. File.Lab.Services.Keys])));
        }

        return problems;
    }

    private IEnumerable<ConfigurationProblem> PolicyProblems()
    {
        var policy = File.Lab.Policy;
        var patterns = policy.Approvals.Keys.Select(p => (Path: $"policy.approvals.{p}", Pattern: p))
            .Concat(policy.Runbooks.SelectMany(r => r.Value.Approvals.Keys.Select(p => (Path: $"policy.runbooks.{r.Key}.approvals.{p}", Pattern: p))));
        foreach (var (path, pattern) in patterns.Where(p => !Catalog.All.Any(o => Wildcard.Matches(p.Pattern, o.Descriptor.Name))))
        {
            yield return new ConfigurationProblem(File.Source.Of(path), path, "means no operation", NearestName.Hint(pattern, [.. Catalog.All.Select(o => o.Descriptor.Name)]));
        }

        foreach (var name in policy.Runbooks.Keys.Where(n => !Runbooks.Any(r => r.Name == n)))
        {
            var path = $"policy.runbooks.{name}";
            yield return new ConfigurationProblem(File.Source.Of(path), path, "is no runbook", NearestName.Hint(name, [.. Runbooks.Select(r => r.Name)]));
        }
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

    /// <summary>Takes up what was left open, now and as long as it runs, and listens to every feed.</summary>
    /// <exception cref="ConfigurationException">A runbook, a hook or a policy does not fit the catalog; nothing was begun.</exception>
    public async Task StartHealingAsync(CancellationToken cancellationToken)
    {
        if (Check() is { Count: > 0 } problems) throw new ConfigurationException(problems);
        await Healing.StartAsync(cancellationToken).ConfigureAwait(false);
        await Healing.BeatAsync(_heartbeat, cancellationToken).ConfigureAwait(false);
        await Desk.SettleAsync(cancellationToken).ConfigureAwait(false);
        _successor.BeginToHeal();
        foreach (var feed in _providers.SelectMany(p => p.AlertFeeds)) Healing.Listen(feed);
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
        await _successor.DisposeAsync().ConfigureAwait(false);
        await Schedule.DisposeAsync().ConfigureAwait(false);
        await Healing.DisposeAsync().ConfigureAwait(false);
        foreach (var provider in _providers) await provider.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
    }
}
