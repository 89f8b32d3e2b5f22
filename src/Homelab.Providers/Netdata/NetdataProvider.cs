using System.Globalization;

namespace Homelab.Providers.Netdata;

/// <summary>Netdata: an agent's alarms are asked for, and come in by the sender that is shipped for its <c>health_alarm_notify.conf</c>.</summary>
public sealed class NetdataProvider : Provider
{
    private readonly NetdataAgent? _agent;
    private readonly ProviderContext _context;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly IReadOnlyList<IAlertSource> _sources = [new NetdataAlertSource()];

    /// <param name="context">The lab. Without settings alarms are still read as they come; only what asks an agent says that it is not configured.</param>
    public NetdataProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _agent = context.Settings<NetdataSettings>(NetdataNames.Provider) is { } settings ? new NetdataAgent(settings, context) : null;
        _operations = [new ListAlarms(_agent)];
    }

    /// <inheritdoc/>
    public override string Name => NetdataNames.Provider;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;

    /// <inheritdoc/>
    public override IEnumerable<IAlertSource> AlertSources => _sources;

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_agent is null ? [] : [new ConnectionLook(Name, "Look at providers.netdata in the lab file.", LookAsync)], _context.Time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _agent?.Dispose();
        return base.DisposeAsync();
    }

    private async Task<IReadOnlyList<LabCheck>> LookAsync(CancellationToken cancellationToken)
    {
        var raised = await _agent!.ListAlarmsAsync(all: false, cancellationToken).ConfigureAwait(false);
        return [LabCheck.Ok(ConnectionLook.Connection, Name, string.Create(CultureInfo.InvariantCulture, $"it answers; {raised.Count} alarms are raised"))];
    }
}
