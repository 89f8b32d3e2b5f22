using System.Globalization;

namespace Homelab.Providers.Tailscale;

/// <summary>Tailscale, as far as this machine knows it: the machines of the tailnet. Needs no settings where it is installed as usual.</summary>
public sealed class TailscaleProvider : Provider
{
    // A key that expires cuts the machine off, and logging in anew needs a person.
    private const int DaysBefore = 14;

    private readonly TailscaleClient _client;
    private readonly TimeProvider _time;
    private readonly bool _isConfigured;

    /// <param name="context">The lab. Without settings Tailscale is looked for where it usually is.</param>
    public TailscaleProvider(ProviderContext context)
        : this(context, TailscalePlaces.Of(context?.Settings<TailscaleSettings>(TailscaleClient.Target)))
    {
    }

    internal TailscaleProvider(ProviderContext context, TailscalePlaces places)
    {
        ArgumentNullException.ThrowIfNull(context);
        _time = context.Time;
        _client = new TailscaleClient(places, context.Time, context.Trace);
        _isConfigured = context.Settings<TailscaleSettings>(TailscaleClient.Target) is not null;
        Operations = [new ListPeers(_client)];
    }

    /// <inheritdoc/>
    public override string Name => TailscaleClient.Target;

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    // Who does not name it in the lab file need not have it.
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_isConfigured ? [new ConnectionLook(Name, "Look at providers.tailscale in the lab file.", LookAsync)] : [], _time, cancellationToken);

    private async Task<IReadOnlyList<LabCheck>> LookAsync(CancellationToken cancellationToken)
    {
        var status = await _client.ReadStatusAsync(cancellationToken).ConfigureAwait(false);
        var seen = string.Create(CultureInfo.InvariantCulture, $"version {status.Version}, tailnet {status.Tailnet}: {status.Peers.Count(static p => p.Online)} of {status.Peers.Count} machines are online");
        var reached = LabCheck.Ok(ConnectionLook.Connection, Name, seen);
        if (status.Peers.FirstOrDefault(static p => p.IsSelf) is not { KeyExpiry: { } expiry }) return [reached];
        var text = string.Create(CultureInfo.InvariantCulture, $"this machine's key expires on {expiry:yyyy-MM-dd}");
        return [reached, expiry - _time.GetUtcNow() > TimeSpan.FromDays(DaysBefore) ? LabCheck.Ok(ConnectionLook.Rights, Name, text) : LabCheck.Warning(ConnectionLook.Rights, Name, text, "Log in anew before that (tailscale up --force-reauth), or switch its expiry off in the admin console.")];
    }
}
