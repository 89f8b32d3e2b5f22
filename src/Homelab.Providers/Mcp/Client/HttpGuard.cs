using System.Net;

namespace Homelab.Providers.Mcp;

/// <summary>
/// Stands between the protocol's client and the wire: the login goes to one origin alone, whatever the server says, no more is read than is allowed, and what is wrong is noted as the wire shows it.
/// </summary>
/// <param name="inner">The wire. It follows no redirect.</param>
/// <param name="root">The only origin that is spoken with.</param>
/// <param name="login">The headers that let us in.</param>
/// <param name="given">How the login is told in messages; null where there is none.</param>
/// <param name="faults">Says what is wrong.</param>
/// <param name="allowance">How much is read.</param>
internal sealed class HttpGuard(HttpClient inner, Uri root, IReadOnlyList<(string Name, string Value)> login, string? given, McpFaults faults, Allowance allowance) : HttpMessageHandler
{
    /// <summary>Explains why nothing could be sent.</summary>
    internal required Func<HttpRequestException, HomelabException> Unreachable { get; init; }

    /// <summary>Receives one line for each request.</summary>
    internal required Action<string> Trace { get; init; }

    /// <summary>Ends what is still asked when the talk is over: farewells too.</summary>
    internal required CancellationToken Over { get; init; }

    /// <summary>Whether anything was answered.</summary>
    internal bool Answered { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.RequestUri!;
        if (Uri.Compare(target, root, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) != 0)
        {
            allowance.Note(faults.Odd($"sends us to {ForeignText.Clean(target.GetLeftPart(UriPartial.Authority), 100)}, where nothing is sent", wayOut: $"Set {faults.Setting}.url to where it really is."));
            throw new HttpRequestException("The server names another one.");
        }

        allowance.Ask();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Over);
        try
        {
            var response = await inner.SendAsync(WithLogin(request), HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            Answered = true;
            Trace($"{request.Method} {target.GetLeftPart(UriPartial.Path)} → {(int)response.StatusCode}");
            NoteOdd(request, response);
            await LimitAsync(response, either.Token).ConfigureAwait(false);
            return response;
        }
        catch (HttpRequestException e)
        {
            // Where it was reached, it is not unreachable: it hung up, or answers no HTTP.
            allowance.Note(e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError ? Unreachable(e) : faults.Odd($"breaks off: {ForeignText.Clean(e.Message, 200).TrimEnd('.')}", e));
            throw;
        }
    }

    // A request can be sent once, and what shows the login is never in the hands of the protocol's client.
    private HttpRequestMessage WithLogin(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content, Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var (name, values) in request.Headers) copy.Headers.TryAddWithoutValidation(name, values);
        foreach (var (name, value) in login) copy.Headers.TryAddWithoutValidation(name, value);
        return copy;
    }

    private void NoteOdd(HttpRequestMessage request, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                allowance.Note(faults.LoginRefused(status, given));
                break;
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                allowance.Note(faults.BehindProxy(status));
                break;
            case >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest:
                var to = response.Headers.Location is { } location ? $" to {ForeignText.Clean((location.IsAbsoluteUri ? location.GetLeftPart(UriPartial.Path) : location.OriginalString), 100)}" : "";
                allowance.Note(faults.Odd($"answered HTTP {status}, a redirect{to}, which is not followed", wayOut: $"Set {faults.Setting}.url to where it really is."));
                break;
            case HttpStatusCode.OK when request.Method == HttpMethod.Post && response.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/event-stream"):
                allowance.Note(faults.Odd($"answered {ForeignText.Clean(response.Content.Headers.ContentType?.MediaType ?? "something that it does not name", 60)} where MCP has JSON or events"));
                break;
        }
    }

    private async Task LimitAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var whole = response.Content;
        var limited = new StreamContent(new LimitedStream(await whole.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), allowance));
        foreach (var (name, values) in whole.Headers) limited.Headers.TryAddWithoutValidation(name, values);
        response.Content = limited;
    }
}
