using System.Collections.Concurrent;

namespace Homelab;

/// <summary>
/// Lets only so many changes go on at once on one host: whoever comes later waits for his turn, in the order of coming. So that fifty guests that are
/// restarted together do not start together. Counts within this process.
/// </summary>
internal sealed class HostTurns(int? perHost)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _hosts = new(StringComparer.Ordinal);

    /// <summary>Waits for a turn. It ends when it is disposed; what lives on no host needs none.</summary>
    internal async Task<HostTurn> TakeAsync(Target target, OperationContext context, CancellationToken cancellationToken)
    {
        if (perHost is not { } most || target.Host is not { } host) return HostTurn.Free;
        var seats = _hosts.GetOrAdd($"{target.Kind}@{host}", static (_, most) => new SemaphoreSlim(most), most);
        // Asked without waiting first: who need not wait need not look anew either.
        if (await seats.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false)) return new HostTurn(seats, HasWaited: false);
        context.Report($"Waiting for {host}", $"at most {most} at once there");
        await seats.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new HostTurn(seats, HasWaited: true);
    }
}

/// <summary>A turn on a host.</summary>
/// <param name="Seats">Where it is given back; null when none was needed.</param>
/// <param name="HasWaited">True when time has passed, in which the target may have changed.</param>
internal sealed record HostTurn(SemaphoreSlim? Seats, bool HasWaited) : IDisposable
{
    internal static HostTurn Free { get; } = new(null, HasWaited: false);

    public void Dispose() => Seats?.Release();
}
