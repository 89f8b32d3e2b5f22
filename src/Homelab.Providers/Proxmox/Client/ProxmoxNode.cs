using System.Buffers;
using System.Globalization;
using System.Net;

namespace Homelab.Providers.Proxmox;

/// <summary>HTTP to one node: connections are kept, every failure becomes ours.</summary>
internal sealed class ProxmoxNode : IDisposable
{
    /// <summary>How long a node that cannot be reached is asked only after the others.</summary>
    internal static readonly TimeSpan LeftAside = TimeSpan.FromSeconds(30);

    // pveproxy ends a kept connection that was silent for five seconds; what is sent at that moment would be lost.
    private static readonly TimeSpan s_keepIdle = TimeSpan.FromSeconds(4);

    private const long Never = long.MinValue;
    private const int MostConnections = 16;
    private const int AnswerLimit = 64 * 1024 * 1024;

    private readonly ProviderContext _context;
    private readonly HttpMessageInvoker _http;
    private long _unreachedAt = Never;

    internal ProxmoxNode(ProxmoxAddress address, ProviderContext context)
    {
        Address = address;
        _context = context;
        var dialer = new ProxmoxDialer(address, context);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => dialer.ConnectAsync(cancellationToken),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = s_keepIdle,
            MaxConnectionsPerServer = MostConnections,
            // A node's journal comes compressed whether asked or not.
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        });
    }

    internal ProxmoxAddress Address { get; }

    /// <summary>True for a while after it could not be reached.</summary>
    internal bool IsAside => Volatile.Read(ref _unreachedAt) is not Never and var since && _context.Time.GetElapsedTime(since) < LeftAside;

    /// <summary>Asks once.</summary>
    internal async Task<ProxmoxAnswer> SendAsync(ProxmoxRequest request, ProxmoxPass pass, CancellationToken cancellationToken)
    {
        var started = _context.Time.GetTimestamp();
        using var attempt = new ProxmoxTry(request, Address, pass, _context.Time, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(attempt.Message, attempt.Token).ConfigureAwait(false);
            var body = await ReadAsync(response.Content, request, attempt.Token).ConfigureAwait(false);
            Trace(string.Create(CultureInfo.InvariantCulture, $"{request} -> {(int)response.StatusCode} in {_context.Time.GetElapsedTime(started).TotalMilliseconds:0.0} ms"));
            Volatile.Write(ref _unreachedAt, Never);
            return new ProxmoxAnswer((int)response.StatusCode, response.ReasonPhrase ?? "", response.Content.Headers.ContentType?.MediaType, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or InvalidDataException or HomelabException)
        {
            var failure = attempt.Explain(e);
            Trace($"{request} -> {failure.Message}");
            if (ProxmoxErrors.IsUnreached(failure)) Volatile.Write(ref _unreachedAt, _context.Time.GetTimestamp());
            throw ReferenceEquals(failure, e) ? ProxmoxErrors.Rethrow(e) : failure;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, ProxmoxRequest request, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(content.Headers.ContentLength ?? 16_384, 256, 1_048_576));
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (await stream.ReadAsync(buffer.GetMemory(4096), cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount > AnswerLimit) throw ProxmoxErrors.Unreadable(Address.ToString(), request, "more than 64 MiB", inner: null);
            }
        }

        return buffer.WrittenMemory;
    }

    private void Trace(string line) => _context.Trace($"proxmox {Address}: {line}");
}
