using System.Buffers;

namespace Homelab.Providers.Ssh;

/// <summary>What a process writes, up to a limit, and always its last bytes.</summary>
/// <param name="limit">How many bytes are kept.</param>
internal sealed class KeptOutput(int limit)
{
    private const int BufferSize = 16 * 1024;
    private const int TailSize = 64;

    private byte[] _kept = [];
    private byte[] _tail = [];
    private int _count;

    /// <summary>The first bytes.</summary>
    internal ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _count);

    /// <summary>The last bytes of all.</summary>
    internal ReadOnlySpan<byte> Tail => _tail.Length > 0 ? _tail : Kept[Math.Max(0, _count - TailSize)..];

    /// <summary>True when more was written than was kept.</summary>
    internal bool Overflowed => _tail.Length > 0;

    /// <summary>Reads to the end. A broken pipe is an end, too, and so is who gives up.</summary>
    internal async Task ReadAsync(Stream stream, Action? whenFull, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                Append(buffer.AsSpan(0, read));
                if (Overflowed) whenFull?.Invoke();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process was ended while it was listened to: there is nothing more to hear.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var room = Math.Min(limit - _count, bytes.Length);
        if (room > 0)
        {
            if (_count + room > _kept.Length) Array.Resize(ref _kept, Math.Min(limit, Math.Max(_count + room, _kept.Length * 2)));
            bytes[..room].CopyTo(_kept.AsSpan(_count));
        }

        if (bytes.Length > room)
        {
            byte[] last = [.. Tail, .. bytes[Math.Max(room, bytes.Length - TailSize)..]];
            _tail = last.Length > TailSize ? last[^TailSize..] : last;
        }

        _count += Math.Max(0, room);
    }
}
