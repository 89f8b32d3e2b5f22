using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Homelab.Lab.Ssh;

/// <summary>The packets of one connection: in the clear until keys were agreed on, then sealed by <c>aes256-gcm@openssh.com</c> (RFC 5647 section 7).</summary>
internal sealed class SshPackets(Stream stream) : IDisposable
{
    // RFC 4253 section 6.1 asks for 35 000 bytes; OpenSSH sends no more than 256 KiB.
    private const int Longest = 256 * 1024;
    private const int LengthBytes = sizeof(uint);
    private const int Block = 16;
    private const int ClearBlock = 8;
    private const int LeastPadding = 4;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private SshSeal? _sealing;
    private SshSeal? _opening;

    /// <summary>From the next packet that is written on.</summary>
    internal void SealWith(SshSeal seal) => Replace(ref _sealing, seal);

    /// <summary>From the next packet that is read on.</summary>
    internal void OpenWith(SshSeal seal) => Replace(ref _opening, seal);

    /// <summary>Reads a message.</summary>
    /// <exception cref="EndOfStreamException">The connection ended.</exception>
    internal async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var head = new byte[LengthBytes];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is < 1 + LeastPadding or > Longest) throw new InvalidDataException($"A packet of {length} bytes is none.");
        var packet = new byte[length];
        await stream.ReadExactlyAsync(packet, cancellationToken);
        if (_opening is { } opening)
        {
            var tag = new byte[SshSeal.TagBytes];
            await stream.ReadExactlyAsync(tag, cancellationToken);
            opening.Open(head, packet, tag);
        }

        var padding = packet[0];
        return padding < length ? packet[1..^padding] : throw new InvalidDataException("A packet is all padding.");
    }

    /// <summary>Writes a message.</summary>
    internal async Task WriteAsync(SshWriter message, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        await WriteInTurnAsync(message, cancellationToken);
    }

    /// <summary>Keeps all others from writing: while keys are agreed on, nothing else may be sent.</summary>
    internal async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    /// <summary>Writes a message; the turn is taken already.</summary>
    internal async Task WriteInTurnAsync(SshWriter message, CancellationToken cancellationToken)
    {
        var payload = message.Written;
        // The length itself counts as a part of the blocks only as long as it is not apart from what is sealed.
        var (block, counted) = _sealing is null ? (ClearBlock, LengthBytes + 1 + payload.Length) : (Block, 1 + payload.Length);
        var padding = block - (counted % block);
        if (padding < LeastPadding) padding += block;
        var sent = new byte[LengthBytes + 1 + payload.Length + padding + (_sealing is null ? 0 : SshSeal.TagBytes)];
        BinaryPrimitives.WriteUInt32BigEndian(sent, (uint)(1 + payload.Length + padding));
        sent[LengthBytes] = (byte)padding;
        payload.CopyTo(sent.AsMemory(LengthBytes + 1));
        RandomNumberGenerator.Fill(sent.AsSpan(LengthBytes + 1 + payload.Length, padding));
        _sealing?.Close(sent.AsSpan(0, LengthBytes), sent.AsSpan(LengthBytes..^SshSeal.TagBytes), sent.AsSpan(^SshSeal.TagBytes..));
        await stream.WriteAsync(sent, cancellationToken);
    }

    public void Dispose()
    {
        _sealing?.Dispose();
        _opening?.Dispose();
        _turn.Dispose();
    }

    private static void Replace(ref SshSeal? seal, SshSeal with)
    {
        seal?.Dispose();
        seal = with;
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
