using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Homelab.Providers.Docker;

/// <summary>HTTP to one engine: connections are kept, the API version is negotiated once, every failure becomes ours.</summary>
internal sealed class DockerWire : IDisposable
{
    /// <summary>How long a call may take that should be answered at once.</summary>
    internal static readonly TimeSpan Prompt = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);

    // An SSH connection costs a third of a second; it is worth keeping between two alerts.
    private static readonly TimeSpan s_keepIdle = TimeSpan.FromMinutes(10);

    // A lab with thousands of containers answers a list with a few MiB.
    private const int AnswerLimit = 64 * 1024 * 1024;

    private readonly HttpMessageInvoker _http;
    private readonly DockerTransport _transport;
    private readonly Action<string> _trace;
    private string? _prefix;

    internal DockerWire(DockerTransport transport, TimeProvider time, Action<string> trace)
    {
        _transport = transport;
        _trace = trace;
        Time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => ConnectAsync(cancellationToken),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = s_keepIdle,
            MaxConnectionsPerServer = transport.MaxConnections,
            // Events and followed logs have no end to be read to: whoever leaves one closes its connection at once, instead of listening on for two seconds.
            ResponseDrainTimeout = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        });
    }

    internal DockerEndpoint Endpoint => _transport.Endpoint;

    internal TimeProvider Time { get; }

    /// <summary>Writes one line to the trace.</summary>
    internal void Trace(string line) => _trace($"docker {Endpoint.Host}: {line}");

    /// <summary>Reads a whole answer.</summary>
    internal Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => GetAsync(path, Prompt, type, cancellationToken);

    /// <summary>Reads a whole answer that the engine may have to work for.</summary>
    internal async Task<T> GetAsync<T>(string path, TimeSpan timeout, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var call = Call(HttpMethod.Get, path, timeout, cancellationToken);
        return await ReadAsync(call, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an answer that may have nothing in it, which is null.</summary>
    internal async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var call = Call(HttpMethod.Get, path, Prompt, cancellationToken);
        using var answer = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        var body = await ReadAsync(answer, call).ConfigureAwait(false);
        return body.Length == 0 ? null : Parse(body, type, call);
    }

    /// <summary>Changes something that may take long, and reads a whole answer.</summary>
    internal async Task<T> PostAsync<T>(string path, TimeSpan timeout, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var call = Call(HttpMethod.Post, path, timeout, cancellationToken);
        return await ReadAsync(call, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the engine something, and reads a whole answer.</summary>
    internal async Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var call = Post(path, body, bodyType, cancellationToken);
        return await ReadAsync(call, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the engine something that it answers with a stream; the deadline holds only until its head has come.</summary>
    internal async Task<HttpResponseMessage> OpenAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken)
    {
        using var call = Post(path, body, bodyType, cancellationToken);
        return await SendAsync(call, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> ReadAsync<T>(WireCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        return Parse(await ReadAsync(answer, call).ConfigureAwait(false), type, call);
    }

    private T Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, WireCall call)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw DockerErrors.Unreadable(Endpoint, call.ToString(), "null", inner: null);
        }
        catch (JsonException e)
        {
            throw DockerErrors.Unreadable(Endpoint, call.ToString(), body.Length == 0 ? "nothing" : $"no JSON of the expected shape, at {e.Path ?? "its beginning"}", e);
        }
    }

    /// <summary>Changes something. True when it did; false when the engine says that it was so already (304).</summary>
    internal async Task<bool> PostAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var call = Call(HttpMethod.Post, path, timeout, cancellationToken);
        using var answer = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        return answer.StatusCode != HttpStatusCode.NotModified;
    }

    /// <summary>Changes something that is told in the body, and is answered with nothing that matters.</summary>
    internal async Task TellAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken)
    {
        using var call = Post(path, body, bodyType, cancellationToken);
        using var answer = await SendAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes something.</summary>
    internal async Task DeleteAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var call = Call(HttpMethod.Delete, path, timeout, cancellationToken);
        using var answer = await SendAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a stream that may last; the deadline holds only until its head has come.</summary>
    internal async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var call = Call(HttpMethod.Get, path, Prompt, cancellationToken);
        return await SendAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What <c>GET /_ping</c> says of the newest API version; null when nothing.</summary>
    internal async Task<string?> PingAsync(CancellationToken cancellationToken)
    {
        using var call = Call(HttpMethod.Get, "/_ping", Prompt, cancellationToken);
        var answer = await ExchangeAsync(call, prefix: "").ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK) throw await RefusalAsync(answer, call).ConfigureAwait(false);
        using (answer)
        {
            // An answer that is not read costs its connection.
            await ReadAsync(answer, call).ConfigureAwait(false);
            return answer.Headers.TryGetValues("Api-Version", out var values) ? values.First() : null;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What a failure of an opened stream means.</summary>
    internal HomelabException Lost(string path, Exception e) => DockerErrors.Lost(Endpoint, "GET " + path, nothingHappened: true, e);

    private WireCall Post<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken cancellationToken) =>
        new(Endpoint, HttpMethod.Post, path, Prompt, Time, cancellationToken) { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    private WireCall Call(HttpMethod method, string path, TimeSpan timeout, CancellationToken cancellationToken) => new(Endpoint, method, path, timeout, Time, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(WireCall call, CancellationToken cancellationToken)
    {
        for (var negotiatedAnew = false; ; negotiatedAnew = true)
        {
            var prefix = _prefix ??= await NegotiateAsync(cancellationToken).ConfigureAwait(false);
            var answer = await ExchangeAsync(call, prefix).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified) return answer;
            var refusal = await RefusalAsync(answer, call).ConfigureAwait(false);
            // The engine behind the address was exchanged for an older or newer one. It did nothing, so asking again is safe.
            if (!IsAboutVersion(refusal)) throw refusal;
            if (negotiatedAnew) throw DockerErrors.VersionUnsupported(Endpoint, "versions of the API that do not meet ours (" + refusal.Message + ")", "Update the older of the two.");
            _prefix = null;
        }
    }

    private async Task<string> NegotiateAsync(CancellationToken cancellationToken)
    {
        var said = await PingAsync(cancellationToken).ConfigureAwait(false);
        if (!DockerVersion.TryParse(said, out var server)) throw DockerErrors.Unreadable(Endpoint, "GET /_ping", $"'{DockerErrors.Shown(said ?? "")}' is no API version", inner: null);
        if (server.IsOlderThan(DockerVersion.Oldest)) throw DockerErrors.VersionUnsupported(Endpoint, $"at most API {server}", "Update the engine to 20.10 or later.");
        var version = server.IsOlderThan(DockerVersion.Newest) ? server : DockerVersion.Newest;
        return "/v" + version;
    }

    private async Task<HttpResponseMessage> ExchangeAsync(WireCall call, string prefix)
    {
        var started = Time.GetTimestamp();
        using var request = call.Request(prefix);
        try
        {
            var answer = await _http.SendAsync(request, call.Token).ConfigureAwait(false);
            Trace(string.Create(CultureInfo.InvariantCulture, $"{call} -> {(int)answer.StatusCode} in {Time.GetElapsedTime(started).TotalMilliseconds:0.0} ms"));
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            var failure = call.Explain(e);
            Trace($"{call} -> {failure.Message}");
            throw ReferenceEquals(failure, e) ? DockerErrors.Rethrow(e) : failure;
        }
    }

    private async Task<HomelabException> RefusalAsync(HttpResponseMessage answer, WireCall call)
    {
        using (answer)
        {
            var body = await ReadAsync(answer, call).ConfigureAwait(false);
            string message;
            try
            {
                message = JsonSerializer.Deserialize(body.Span, DockerJson.Default.ErrorWire)?.Message ?? "";
            }
            catch (JsonException)
            {
                // A proxy in between says it in plain words.
                message = Encoding.UTF8.GetString(body.Span);
            }

            return DockerErrors.Answered(Endpoint, call.ToString(), answer.StatusCode, message);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, WireCall call)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(answer.Content.Headers.ContentLength ?? 16_384, 256, 1_048_576));
        try
        {
            using var stream = await answer.Content.ReadAsStreamAsync(call.Token).ConfigureAwait(false);
            while (await stream.ReadAsync(buffer.GetMemory(4096), call.Token).ConfigureAwait(false) is > 0 and var read)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount > AnswerLimit) throw DockerErrors.Unreadable(Endpoint, call.ToString(), "more than 64 MiB", inner: null);
            }

            return buffer.WrittenMemory;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            var failure = call.Explain(e);
            throw ReferenceEquals(failure, e) ? DockerErrors.Rethrow(e) : failure;
        }
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_connectTimeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await _transport.ConnectAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            throw DockerErrors.Unreachable(Endpoint, $"no connection within {Duration.Format(s_connectTimeout)}", e);
        }
    }

    private static bool IsAboutVersion(HomelabException refusal) =>
        refusal.Id == "DockerRefused" && refusal.Message.Contains("client version", StringComparison.Ordinal) && refusal.Message.Contains("is too ", StringComparison.Ordinal);
}
