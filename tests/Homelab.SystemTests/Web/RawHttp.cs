using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Homelab.SystemTests.Web;

/// <summary>Says over TCP exactly what a test wants said, and reads one answer.</summary>
internal sealed class RawHttp(TcpClient client) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    // Taken once: a client that has hung up in one direction gives out none any more.
    private readonly NetworkStream _stream = client.GetStream();

    internal static async Task<RawHttp> ConnectAsync(Uri url)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        return new RawHttp(client);
    }

    /// <summary>One request on a connection of its own.</summary>
    internal static async Task<RawAnswer> SendAsync(Uri url, byte[] request, bool hangUp = false)
    {
        using var http = await ConnectAsync(url);
        await http.WriteAsync(request);
        if (hangUp) http.HangUp();
        return await http.ReadAsync();
    }

    /// <summary>A request's bytes: the lines, a blank one, and the body.</summary>
    internal static byte[] Request(string line, IEnumerable<string> headers, byte[] body) =>
        [.. Encoding.UTF8.GetBytes(string.Join("\r\n", headers.Prepend(line)) + "\r\n\r\n"), .. body];

    internal async Task WriteAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It was refused before all of it was sent; the answer says why.
        }
    }

    /// <summary>Says that nothing more will come, and still listens.</summary>
    internal void HangUp() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The answer, or status 0 when the connection was closed without one.</summary>
    internal async Task<RawAnswer> ReadAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_patience);
        var received = new List<byte>();
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var count = await _stream.ReadAsync(buffer, deadline.Token);
                received.AddRange(buffer.AsSpan(0, count));
                if (RawAnswer.Read(received, isWhole: count == 0) is { } answer) return answer;
            }
        }
        catch (IOException)
        {
            return RawAnswer.Read(received, isWhole: true)!;
        }
    }

    public void Dispose() => client.Dispose();
}

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    internal WebAnswer AsWeb => new(Status, Headers.GetValueOrDefault("content-type")?.Split(';')[0], Body);

    /// <summary>Null while it is not whole.</summary>
    internal static RawAnswer? Read(List<byte> bytes, bool isWhole)
    {
        var text = Encoding.UTF8.GetString([.. bytes]);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return isWhole ? new RawAnswer(0, new Dictionary<string, string>(StringComparer.Ordinal), text) : null;
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0].ToLowerInvariant(), h => h[1], StringComparer.Ordinal);
        var body = text[(end + 4)..];
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        // 100 Continue is an answer of its own, and never has a body.
        if (status < 200) return new RawAnswer(status, headers, "");
        if (headers.GetValueOrDefault("transfer-encoding") == "chunked")
        {
            if (Unchunk(body) is not { } whole) return isWhole ? throw new InvalidDataException($"The answer was cut off: {text}") : null;
            body = whole;
        }
        else if (headers.TryGetValue("content-length", out var length) && Encoding.UTF8.GetByteCount(body) < int.Parse(length, CultureInfo.InvariantCulture) && !isWhole)
        {
            return null;
        }
        else if (!headers.ContainsKey("content-length") && !isWhole)
        {
            return null;
        }

        return new RawAnswer(status, headers, body);
    }

    private static string? Unchunk(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var whole = new List<byte>();
        for (var at = 0; ;)
        {
            var line = bytes.AsSpan(at).IndexOf("\r\n"u8);
            if (line < 0) return null;
            var length = int.Parse(Encoding.ASCII.GetString(bytes, at, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += line + 2;
            if (bytes.Length < at + length + 2) return null;
            if (length == 0) return Encoding.UTF8.GetString([.. whole]);
            whole.AddRange(bytes.AsSpan(at, length));
            at += length + 2;
        }
    }
}
