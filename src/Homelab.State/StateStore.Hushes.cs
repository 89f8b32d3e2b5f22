namespace Homelab.State;

/// <content>What is hushed while something is healed.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public Task SaveHushAsync(Hush hush, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hush);
        return _writer.WriteAsync(s => HushTable.Save(s.Database, hush), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Hush>> ListOpenHushesAsync(CancellationToken cancellationToken) => _reader.ReadAsync(HushTable.ListOpen, cancellationToken);

    /// <inheritdoc/>
    public Task<Hush?> ClaimHushAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _writer.WriteAsync(s => ClaimHush(s.Database, id, now), cancellationToken);
    }

    private Hush? ClaimHush(Database database, string id, DateTimeOffset now)
    {
        if (HushTable.Find(database, id) is not { IsOpen: true } hush) return null;
        if (hush.Owner == Owner) return hush;
        if (now < hush.Until && !IsFree(database, hush.Owner)) return null;
        HushTable.SetOwner(database, id, Owner);
        return hush with { Owner = Owner };
    }
}
