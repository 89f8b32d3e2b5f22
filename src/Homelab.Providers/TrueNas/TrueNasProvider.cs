namespace Homelab.Providers.TrueNas;

/// <summary>TrueNAS: how it and its pools are, its alerts, its datasets and their snapshots.</summary>
public sealed class TrueNasProvider : Provider
{
    private readonly TrueNasClient? _client;
    private readonly ProviderContext _context;
    private readonly IReadOnlyList<Operation> _operations;

    /// <param name="context">The lab. Without settings every operation says that it is not configured.</param>
    public TrueNasProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _client = context.Settings<TrueNasSettings>(TrueNasNames.Provider) is { } settings ? new TrueNasClient(settings, context) : null;
        _operations = [new ReadNas(_client), new ListNasAlerts(_client), new ListDatasets(_client), new ReadDataset(_client), new ListDatasetSnapshots(_client), new CreateDatasetSnapshot(_client)];
    }

    /// <inheritdoc/>
    public override string Name => TrueNasNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_client is null ? [] : [TrueNasLook.At(_client)], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
