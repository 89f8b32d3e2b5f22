using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Homelab.Benchmarks.Peers;

/// <summary>One AI client over HTTP, with a session or without.</summary>
internal sealed class McpHttpClient
{
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly string _key;
    private string? _session;
    private int _id;

    private McpHttpClient(HttpClient http, Uri url, string key)
    {
        _http = http;
        _url = url;
        _key = key;
    }

    /// <summary>A client of 2025-11-25, which has introduced itself, or one of 2026-07-28, which need not.</summary>
    internal static async Task<McpHttpClient> ConnectAsync(HttpClient http, Uri server, string key, bool withSession, CancellationToken cancellationToken)
    {
        var client = new McpHttpClient(http, new Uri(server, "/mcp"), key);
        if (!withSession) return client;
        using var begun = await client.PostAsync(McpMessage.Initialize, message: null, cancellationToken);
        client._session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        using var initialized = await client.PostAsync(McpMessage.Initialized, message: null, cancellationToken);
        return client;
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <returns>How long it is.</returns>
    /// <exception cref="InvalidOperationException">It was answered with an error.</exception>
    internal async Task<int> SendAsync(McpMessage message, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync(message.Text(Interlocked.Increment(ref _id), isAlone: _session is null), message, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (body.AsSpan().IndexOf("\"result\""u8) < 0 || body.AsSpan().IndexOf("\"isError\":true"u8) >= 0) throw new InvalidOperationException($"It was answered: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500)))}");
        return body.Length;
    }

    private async Task<HttpResponseMessage> PostAsync(string text, McpMessage? message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (_session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", _session);
            request.Headers.Add("MCP-Protocol-Version", McpMessage.Sessions);
        }
        else if (message is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", McpMessage.Newest);
            request.Headers.Add("Mcp-Method", message.Method);
            if (message.Name is { } name) request.Headers.Add("Mcp-Name", name);
        }

        var answer = await _http.SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted) return answer;
        throw new InvalidOperationException($"MCP answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
