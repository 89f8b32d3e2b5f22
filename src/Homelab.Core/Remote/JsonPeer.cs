using System.Net;
using System.Text.Json;

namespace Homelab;

/// <summary>A server that answers JSON over HTTP and is only asked, never told.</summary>
/// <param name="peer">Which server.</param>
/// <param name="context">The lab.</param>
public sealed class JsonPeer(HttpPeerDefinition peer, ProviderContext context) : IDisposable
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    private readonly HttpPeer _http = new(peer, context);

    /// <summary>Asks.</summary>
    /// <param name="path">Path and query below its address, percent-encoded.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its answer with its status, which may be an error that it explains as JSON.</returns>
    /// <exception cref="HomelabException">What <see cref="HttpPeer.SendAsync(HttpMethod, string, HttpContent?, CancellationToken)"/> throws, and <c>…AnswerOdd</c> (Failed) for what is no JSON.</exception>
    public async Task<JsonPeerAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await _http.SendAsync(HttpMethod.Get, path, content: null, cancellationToken).ConfigureAwait(false);
        if (!answer.IsJson) throw Odd($"answered HTTP {(int)answer.Status} and no JSON");
        try
        {
            return new JsonPeerAnswer(answer.Status, JsonDocument.Parse(answer.Body, s_options));
        }
        catch (JsonException e)
        {
            throw Odd($"answered something that is no JSON: {ForeignText.Clean(e.Message, 100)}", e);
        }
    }

    /// <inheritdoc cref="HttpPeer.Odd"/>
    public HomelabException Odd(string what, Exception? inner = null) => _http.Odd(what, inner);

    /// <inheritdoc cref="HttpPeer.Problem"/>
    public HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) => _http.Problem(kind, id, what, wayOut, inner);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>What it answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Json">The body.</param>
public sealed record JsonPeerAnswer(HttpStatusCode Status, JsonDocument Json) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Json.Dispose();
}
