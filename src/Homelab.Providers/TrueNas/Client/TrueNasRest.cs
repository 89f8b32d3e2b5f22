using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>REST 2.0, for releases before 25.04: deprecated since, and gone in 26.</summary>
/// <remarks><c>https://host/api/v2.0</c> with the key as a bearer token; truenas/middleware: <c>restful.py</c>.</remarks>
internal sealed class TrueNasRest(TrueNasSettings settings, HttpPeer http, ProviderContext context) : INasWay
{
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_deed = TimeSpan.FromMinutes(2);
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    private readonly NasErrors _errors = new(http);
    private readonly NasKey _key = new(settings, http, context);

    /// <inheritdoc/>
    public async Task<JsonElement> AskAsync(NasQuestion question, CancellationToken cancellationToken)
    {
        await _key.ReadAsync(cancellationToken).ConfigureAwait(false);
        using var content = question.Body is { } body ? JsonContent.Create(body) : null;
        var answer = await http.SendAsync(question.Acts ? HttpMethod.Post : HttpMethod.Get, $"/api/v2.0{question.Path}", content, question.Acts ? s_deed : s_answer, cancellationToken).ConfigureAwait(false);
        if (answer.Status != HttpStatusCode.OK) throw answer.IsJson ? _errors.OfRest(answer, question) : _errors.Odd($"HTTP {(int)answer.Status} and no JSON");
        if (!answer.IsJson) throw _errors.Odd("something that is no JSON");
        try
        {
            using var json = JsonDocument.Parse(answer.Body, s_options);
            return json.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw _errors.Odd("something that is no JSON", e);
        }
    }
}
