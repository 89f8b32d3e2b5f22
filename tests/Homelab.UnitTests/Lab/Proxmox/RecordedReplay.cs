using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Sends recorded requests in their order, and tells how what comes differs from what was recorded.</summary>
/// <remarks>Waits for a task to end before it goes on, unless the recording shows that it was still running.</remarks>
internal sealed class RecordedReplay(HttpClient http, Uri url, RecordedNames names)
{
    // What differs by design: the moment, the length that follows from it, and the connection, which is Kestrel's to handle.
    private static readonly HashSet<string> s_freeHeaders = new(["Date", "Expires", "Content-Length", "Connection", "Content-Encoding"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Sends one, and gives what differs.</summary>
    internal async Task<IReadOnlyList<Discrepancy>> SendAsync(RecordedExchange exchange, IReadOnlyList<RecordedExchange> later, CancellationToken cancellationToken)
    {
        var found = await SendOnceAsync(exchange, cancellationToken);
        var recorded = exchange is { IsJson: true, Abridged: false } && exchange.AnswerHeader("Content-Encoding") is null ? JsonNode.Parse(exchange.Answer) : null;
        if (Task(recorded) is { } task && !later.Any(e => IsRunning(e, task))) await EndedAsync(task, cancellationToken);
        return found;
    }

    private async Task<IReadOnlyList<Discrepancy>> SendOnceAsync(RecordedExchange exchange, CancellationToken cancellationToken)
    {
        using var request = Request(exchange);
        using var answer = await http.SendAsync(request, cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var found = new List<Discrepancy>();
        if ((int)answer.StatusCode != exchange.Status || Resemblance.Plain(answer.ReasonPhrase ?? "") != Resemblance.Plain(exchange.Reason)) found.Add(new Discrepancy("status", $"recorded {exchange.Status} {exchange.Reason}, here {(int)answer.StatusCode} {answer.ReasonPhrase}"));
        found.AddRange(CompareHeaders(exchange, answer));
        found.AddRange(CompareBodies(exchange, body));
        return found;
    }

    private HttpRequestMessage Request(RecordedExchange exchange)
    {
        var target = new Uri(url.GetLeftPart(UriPartial.Authority) + names.Translate(exchange.Target), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(exchange.Method), target);
        if (exchange.Body.Length > 0 || exchange.Headers.Any(static h => h.Name == "Content-Length")) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(names.Translate(exchange.Body)));
        foreach (var (name, value) in exchange.Headers.Where(static h => h.Name is not ("Host" or "Content-Length")))
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else request.Headers.TryAddWithoutValidation(name, names.Translate(value));
        }

        return request;
    }

    private IEnumerable<Discrepancy> CompareBodies(RecordedExchange exchange, byte[] body)
    {
        if (exchange.AnswerHeader("Content-Encoding") is not null) yield break;
        var text = Encoding.UTF8.GetString(body);
        if (!exchange.IsJson)
        {
            if (Resemblance.Plain(text).TrimEnd() != Resemblance.Plain(exchange.Answer).TrimEnd()) yield return new Discrepancy("body", $"recorded '{exchange.Answer}', here '{text}'");
            yield break;
        }

        JsonNode? here = null;
        var broken = "";
        try
        {
            here = JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            broken = e.Message;
        }

        if (broken.Length > 0)
        {
            yield return new Discrepancy("body", $"is no JSON ({broken}): {text}");
            yield break;
        }

        var recorded = AbridgedJson.Read(exchange.Answer);
        names.Learn(recorded, here);
        foreach (var found in Resemblance.Compare(recorded, here, exchange.Abridged)) yield return found;
        if (exchange.Status == 200 && ApiDescription.Vendor!.Resolve(exchange.Method, exchange.Path) is { } method)
        {
            // What the real one itself does not keep to is no fault here.
            var known = exchange.Abridged ? [] : DescribedShape.Compare(method.Returns, recorded?["data"]).Select(static d => d.At).ToHashSet(StringComparer.Ordinal);
            foreach (var found in DescribedShape.Compare(method.Returns, here?["data"]).Where(d => !known.Contains(d.At))) yield return found;
        }
    }

    private static IEnumerable<Discrepancy> CompareHeaders(RecordedExchange exchange, HttpResponseMessage answer)
    {
        var all = answer.Headers.Concat(answer.Content.Headers).ToList();
        var here = all.Where(static h => !s_freeHeaders.Contains(h.Key)).ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in exchange.AnswerHeaders.Where(static h => !s_freeHeaders.Contains(h.Name)))
        {
            if (!here.Remove(name, out var ours)) yield return new Discrepancy("header " + name, $"is missing; recorded '{value}'");
            else if (Same(ours) != Same(value)) yield return new Discrepancy("header " + name, $"recorded '{value}', here '{ours}'");
        }

        foreach (var (name, value) in here) yield return new Discrepancy("header " + name, $"was not recorded; here '{value}'");
        foreach (var name in exchange.AnswerHeaders.Select(static h => h.Name).Where(static n => n is "Date" or "Expires"))
        {
            if (!all.Any(h => h.Key == name)) yield return new Discrepancy("header " + name, "is missing");
        }

        // A media type's parameters may have a blank before them.
        static string Same(string value) => value.Replace("; ", ";", StringComparison.Ordinal);
    }

    private async Task EndedAsync(string recorded, CancellationToken cancellationToken)
    {
        var task = names.Translate(recorded);
        if (task == recorded) return; // There was no task here; that has been told.
        await Eventually.HoldsAsync($"end of {task}", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, $"/api2/json/nodes/{task.Split(':')[1]}/tasks/{Uri.EscapeDataString(task)}/status"));
            request.Headers.TryAddWithoutValidation("Authorization", names.Translate(RecordedWorld.Authorization));
            using var answer = await http.SendAsync(request, cancellationToken);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))?["data"]?["status"]?.ToString() == "stopped";
        }, cancellationToken);
    }

    private static string? Task(JsonNode? recorded) => recorded?["data"] is JsonValue value && value.TryGetValue<string>(out var text) && text.StartsWith("UPID:", StringComparison.Ordinal) ? text : null;

    private static bool IsRunning(RecordedExchange exchange, string task) =>
        exchange.Method == "GET"
        && Uri.UnescapeDataString(exchange.Path).EndsWith(task + "/status", StringComparison.Ordinal)
        && exchange.Answer.Contains("\"status\":\"running\"", StringComparison.Ordinal);
}
