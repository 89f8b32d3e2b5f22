namespace Homelab;

/// <summary>One system that the product talks to: what it can do there, and how it hears from it.</summary>
public abstract class Provider : IAsyncDisposable
{
    /// <summary>Its name: the key under <c>providers:</c> in the lab file, and the first part of its operations' names.</summary>
    public abstract string Name { get; }

    /// <summary>What it can do.</summary>
    public virtual IEnumerable<Operation> Operations => [];

    /// <summary>The alerts it can read.</summary>
    public virtual IEnumerable<IAlertSource> AlertSources => [];

    /// <summary>The alerts it listens for.</summary>
    public virtual IEnumerable<IAlertFeed> AlertFeeds => [];

    /// <summary>Where we can say that we live.</summary>
    public virtual IEnumerable<IHeartbeatSink> HeartbeatSinks => [];

    /// <summary>The channels by which it can tell people.</summary>
    public virtual IEnumerable<INotifier> Notifiers => [];

    /// <summary>The channels on which people are asked and answer.</summary>
    public virtual IEnumerable<IApprovalChannel> ApprovalChannels => [];

    /// <summary>
    /// Looks whether what the lab file names can be reached and whether its credentials have the rights they need. Only reads; every look ends within
    /// a bounded time, all are made at once, and what is wrong becomes a <see cref="LabCheck"/>, not an exception.
    /// </summary>
    public virtual IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<LabCheck>();

    /// <summary>Ends its connections.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What a provider is made from.</summary>
/// <param name="Lab">The lab.</param>
/// <param name="BasePath">The folder of the lab file; relative paths start there.</param>
/// <param name="Secrets">Opens secret references.</param>
/// <param name="Time">The clock.</param>
public sealed record ProviderContext(LabDefinition Lab, string BasePath, ISecretSource Secrets, TimeProvider Time)
{
    /// <summary>Runs programs on the lab's machines.</summary>
    public IRemoteHosts Remote { get; init; } = NoRemoteHosts.Instance;

    /// <summary>Reads YAML of other programs.</summary>
    public IYamlReader Yaml { get; init; } = NoYamlReader.Instance;

    /// <summary>Which commands may be run on machines, in guests and in containers.</summary>
    public CommandPolicy Commands { get; } = new(Lab.Policy.Commands);

    /// <summary>How many commands of a rule run at once; one for all providers, so that they count together.</summary>
    public CommandTurns Turns { get; } = new();

    /// <summary>Receives one line per remote call, with secrets masked: what <c>-Verbose</c> shows.</summary>
    public Action<string> Trace { get; init; } = static _ => { };

    /// <summary>The settings under <c>providers:</c> for one provider, or null when the lab file has none.</summary>
    public T? Settings<T>(string provider)
        where T : class =>
        Lab.Providers.TryGetValue(provider, out var settings) ? (T)settings : null;
}
