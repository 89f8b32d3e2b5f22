using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;
using Homelab.Configuration;
using Homelab.State;

namespace Homelab.Composition;

/// <summary>A lab put together: providers, catalog, gate, approvals and healing over one store. Healing begins with <see cref="StartHealingAsync"/>.</summary>
public sealed class HomelabRuntime : IAsyncDisposable
{
    private readonly IReadOnlyList<Provider> _providers;

    private HomelabRuntime(LabFile file, RuntimeOptions options, IStateStore store, SecretRedactor redactor)
    {
        File = file;
        Time = options.Time;
        Store = store;
        Redactor = redactor;
        Secrets = new SecretSource(file.BasePath, redactor, Environment.GetEnvironmentVariable, options.Vault);
        var lab = file.Lab;
        _providers = ProviderList.Create(new ProviderContext(lab, file.BasePath, Secrets, options.Time) { Trace = line => options.Trace(redactor.Redact(line)) });
        Catalog = new OperationCatalog(_providers.SelectMany(p => p.Operations));
        var decider = new Decider(lab.Access, lab.Policy, SelfIdentity.Patterns(lab));
        Approvals = new ApprovalDesk(store, lab.Policy.Approval, options.Time);
        Gate = new OperationGate(Catalog, decider, lab.Policy.Limits, store, Approvals, redactor, options.Time);
        Runbooks = options.Runbooks ?? RunbookFolder.Read(file);
        Checker = new RunbookChecker(Catalog, lab.Access, lab.Policy);
        AlertSources = _providers.SelectMany(p => p.AlertSources).ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);
        var tempo = options.Tempo ?? new HealingTempo(lab.Server.ImportantDelay, lab.Server.StandardDelay);
        var notifiers = _providers.SelectMany(p => p.Notifiers);
        Healing = new HealingEngine(new HealingContext(lab, Gate, Approvals, store, new RunbookShelf(Runbooks), notifiers, tempo, options.Observers, options.Time));
    }

    /// <summary>The lab file it was made from.</summary>
    public LabFile File { get; }

    /// <summary>The file of the state, absolute.</summary>
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

    /// <summary>Every mistake that only shows when lab, catalog and runbooks meet.</summary>
    public IReadOnlyList<ConfigurationProblem> Check()
    {
        var problems = Runbooks.SelectMany(Checker.Check).ToList();
        foreach (var (name, hook) in File.Lab.Hooks.Where(h => !AlertSources.ContainsKey(h.Value.Source)))
        {
            problems.Add(new ConfigurationProblem(File.Source.Of($"hooks.{name}.source"), $"hooks.{name}.source", $"'{hook.Source}' sends no alerts that can be read", NearestName.Hint(hook.Source, [.. AlertSources.Keys])));
        }

        foreach (var pattern in File.Lab.Policy.Approvals.Keys.Where(p => !Catalog.All.Any(o => Wildcard.Matches(p, o.Descriptor.Name))))
        {
            var path = $"policy.approvals.{pattern}";
            problems.Add(new ConfigurationProblem(File.Source.Of(path), path, "means no operation", NearestName.Hint(pattern, [.. Catalog.All.Select(o => o.Descriptor.Name)])));
        }

        return problems;
    }

    /// <summary>Puts a lab together and opens its state.</summary>
    /// <exception cref="HomelabException"><c>StateTooNew</c>, <c>StateUnreadable</c>, <c>ConfigurationInvalid</c> for a runbook that cannot be read.</exception>
    public static async Task<HomelabRuntime> OpenAsync(LabFile file, RuntimeOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var path = Path.GetFullPath(options.StatePath ?? Path.Combine(file.BasePath, file.Lab.Server.State));
        var store = await SqliteStore.OpenAsync(path, options.Time, cancellationToken).ConfigureAwait(false);
        try
        {
            return new HomelabRuntime(file, options, options.WrapStore(store), new SecretRedactor()) { StatePath = path };
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes up what was left open, and listens to every feed.</summary>
    /// <exception cref="ConfigurationException">A runbook, a hook or a policy does not fit the catalog; nothing was begun.</exception>
    public async Task StartHealingAsync(CancellationToken cancellationToken)
    {
        if (Check() is { Count: > 0 } problems) throw new ConfigurationException(problems);
        await Healing.StartAsync(cancellationToken).ConfigureAwait(false);
        foreach (var feed in _providers.SelectMany(p => p.AlertFeeds)) Healing.Listen(feed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Healing.DisposeAsync().ConfigureAwait(false);
        foreach (var provider in _providers) await provider.DisposeAsync().ConfigureAwait(false);
        await Store.DisposeAsync().ConfigureAwait(false);
    }
}
