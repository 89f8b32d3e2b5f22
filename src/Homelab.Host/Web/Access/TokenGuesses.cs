using System.Net;
using System.Net.Sockets;

namespace Homelab.Host.Web.Access;

/// <summary>Slows down whoever guesses tokens: an address that has shown too many wrong ones is not listened to for a while, whatever it shows then.</summary>
internal sealed class TokenGuesses(TimeProvider time)
{
    /// <summary>So many wrong tokens within <see cref="Span"/> shut an address out.</summary>
    internal const int Most = 10;

    // Whoever has more addresses than this is not stopped by counting them; only our memory must not grow.
    private const int MostAddresses = 4_096;

    // So many at once make room: to look through all of them for each new one would be what a flood of addresses wants.
    private const int Room = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Guesser> _guessers = [];

    /// <summary>How long guesses count, and how long an address is shut out.</summary>
    internal static TimeSpan Span { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How many addresses are remembered.</summary>
    internal int Known
    {
        get
        {
            lock (_lock) return _guessers.Count;
        }
    }

    /// <summary>How long an address is still shut out; null when it is not.</summary>
    internal TimeSpan? ShutOutFor(IPAddress? address)
    {
        lock (_lock)
        {
            if (!_guessers.TryGetValue(KeyOf(address), out var guesser) || guesser.ShutOutAt is not { } since) return null;
            var left = Span - time.GetElapsedTime(since);
            if (left > TimeSpan.Zero) return left;
            _guessers.Remove(KeyOf(address));
            return null;
        }
    }

    /// <summary>Counts a wrong token.</summary>
    /// <returns>True when this one shut the address out.</returns>
    internal bool Note(IPAddress? address)
    {
        lock (_lock)
        {
            var key = KeyOf(address);
            if (!_guessers.TryGetValue(key, out var guesser))
            {
                if (_guessers.Count >= MostAddresses) Forget();
                _guessers[key] = guesser = new Guesser();
            }

            // Requests that were let in before the last guess still come to their end.
            if (guesser.ShutOutAt is not null) return false;
            while (guesser.At.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Span) guesser.At.Dequeue();
            guesser.At.Enqueue(time.GetTimestamp());
            if (guesser.At.Count < Most) return false;
            guesser.ShutOutAt = time.GetTimestamp();
            return true;
        }
    }

    private void Forget()
    {
        foreach (var (address, guesser) in _guessers.ToArray())
        {
            if (guesser.IsOver(time)) _guessers.Remove(address);
        }

        if (_guessers.Count <= MostAddresses - Room) return;
        // Whoever is shut out is let in by nobody's bustle.
        var eldest = _guessers.Where(static g => g.Value.ShutOutAt is null).OrderBy(static g => g.Value.LastAt).Take(Room).Select(static g => g.Key).ToArray();
        foreach (var address in eldest) _guessers.Remove(address);
        if (_guessers.Count >= MostAddresses) _guessers.Remove(_guessers.MinBy(static g => g.Value.LastAt).Key);
    }

    // One household has a whole /64 of IPv6, and may use another address for each guess.
    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private sealed class Guesser
    {
        internal Queue<long> At { get; } = new();

        internal long? ShutOutAt { get; set; }

        internal long LastAt => At.Last();

        internal bool IsOver(TimeProvider time) => time.GetElapsedTime(LastAt) >= Span;
    }
}
