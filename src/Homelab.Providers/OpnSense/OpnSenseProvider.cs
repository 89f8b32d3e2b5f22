namespace Homelab.Providers.OpnSense;

/// <summary>OPNsense: what it says of itself, and its services.</summary>
public sealed class OpnSenseProvider : Provider
{
    private readonly OpnSenseClient? _client;
    private readonly ProviderContext _context;
    private readonly IReadOnlyList<Operation> _operations;

    /// <param name="context">The lab. Without settings every operation says that it is not configured.</param>
    public OpnSenseProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _client = context.Settings<OpnSenseSettings>(OpnSenseNames.Provider) is { } settings ? new OpnSenseClient(settings, context) : null;
        _operations = [new ReadFirewall(_client), new ListFirewallServices(_client), new RestartFirewallService(_client)];
    }

    /// <inheritdoc/>
    public override string Name => OpnSenseNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_client is null ? [] : [OpnSenseLook.At(_client)], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return base.DisposeAsync();
    }
}
