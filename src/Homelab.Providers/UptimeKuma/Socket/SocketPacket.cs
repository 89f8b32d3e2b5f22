using System.Text;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>One message of Socket.IO 5 over Engine.IO 4 as a websocket carries it: a digit of each protocol, perhaps the number of an acknowledgement, then JSON.</summary>
/// <remarks>https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/; only the main namespace, no binary attachments.</remarks>
/// <param name="Kind">What it is.</param>
/// <param name="Ack">The number of the acknowledgement, where it has one.</param>
/// <param name="Json">The JSON behind it; empty where there is none. Belongs to the buffer it was read from.</param>
internal readonly record struct SocketPacket(SocketPacketKind Kind, long? Ack, ReadOnlyMemory<byte> Json)
{
    internal static string Connect => "40";

    internal static string Disconnect => "41";

    internal static string Pong => "3";

    internal static SocketPacket Read(ReadOnlyMemory<byte> frame)
    {
        var text = frame.Span;
        if (text.IsEmpty) return default;
        switch (text[0])
        {
            case (byte)'0':
                return new SocketPacket(SocketPacketKind.Open, null, frame[1..]);
            case (byte)'1':
                return new SocketPacket(SocketPacketKind.Close, null, default);
            case (byte)'2':
                return new SocketPacket(SocketPacketKind.Ping, null, default);
            case (byte)'4' when text.Length > 1:
                break;
            default:
                return default;
        }

        var kind = text[1] switch
        {
            (byte)'0' => SocketPacketKind.Connect,
            (byte)'1' => SocketPacketKind.Disconnect,
            (byte)'2' => SocketPacketKind.Event,
            (byte)'3' => SocketPacketKind.Ack,
            (byte)'4' => SocketPacketKind.ConnectError,
            _ => SocketPacketKind.Other,
        };
        var at = 2;
        long? ack = null;
        // 18 digits fit; more are no number of ours.
        for (; at < text.Length && at < 20 && char.IsAsciiDigit((char)text[at]); at++) ack = ((ack ?? 0) * 10) + (text[at] - '0');
        return new SocketPacket(kind, ack, frame[at..]);
    }

    /// <summary>An event as it is sent; with a number it asks for an acknowledgement.</summary>
    internal static byte[] Event(long ack, string name, IReadOnlyList<object?> arguments) =>
        Encoding.UTF8.GetBytes($"42{ack}{JsonSerializer.Serialize<IReadOnlyList<object?>>([name, .. arguments])}");

    /// <summary>The event's name, read without reading the rest: most events are of no interest, and some are long.</summary>
    internal string? EventName()
    {
        try
        {
            var reader = new Utf8JsonReader(Json.Span);
            return reader.Read() && reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a message is.</summary>
internal enum SocketPacketKind
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>The server's first word: how often it pings.</summary>
    Open,

    /// <summary>The server ends the connection.</summary>
    Close,

    /// <summary>The server asks whether we are there.</summary>
    Ping,

    /// <summary>The namespace is joined.</summary>
    Connect,

    /// <summary>The server leaves the namespace.</summary>
    Disconnect,

    /// <summary>Something happened.</summary>
    Event,

    /// <summary>An answer to an event of ours.</summary>
    Ack,

    /// <summary>The namespace could not be joined.</summary>
    ConnectError,
}
