namespace Homelab.State;

/// <content>The big red switch, and the sign of life.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public Task<Suspension?> FindSuspensionAsync(CancellationToken cancellationToken) => _reader.ReadAsync(SuspensionTable.Find, cancellationToken);

    /// <inheritdoc/>
    public Task SetSuspensionAsync(Suspension? suspension, CancellationToken cancellationToken) => _writer.WriteAsync(s => SuspensionTable.Set(s.Database, suspension), cancellationToken);

    /// <inheritdoc/>
    public Task<Pulse?> BeatAsync(Pulse pulse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pulse);
        return _writer.WriteAsync(s => PulseTable.Beat(s.Database, pulse), cancellationToken);
    }
}
