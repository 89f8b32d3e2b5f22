namespace Homelab.Providers.Alertmanager;

/// <summary>Alertmanager: alerts are silenced there, and told again.</summary>
public sealed class AlertmanagerProvider : Provider
{
    private readonly AlertmanagerClient? _client;
    private readonly ProviderContext _context;
    private readonly IReadOnlyList<Operation> _operations;

    /// <param name="context">The lab. Without settings every operation says that it is not configured.</param>
    public AlertmanagerProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _client = context.Settings<AlertmanagerSettings>(AlertmanagerNames.Provider) is { } settings ? new AlertmanagerClient(settings, context) : null;
        _operations = [new ListSilences(_client), new CreateSilence(_client), new ExpireSilence(_client)];
    }

    /// <inheritdoc/>
    public override string Name => AlertmanagerNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_client is null ? [] : [AlertmanagerLook.At(_client)], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }
}
