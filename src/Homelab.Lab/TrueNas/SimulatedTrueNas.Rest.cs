using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.TrueNas;

/// <content>REST 2.0: each path is a method, a query its filters and options.</content>
public sealed partial class SimulatedTrueNas
{
    private static readonly HashSet<string> s_options = new(["limit", "offset", "sort", "count"], StringComparer.Ordinal);

    private async Task RestAsync(HttpContext context, string path)
    {
        var request = context.Request;
        _calls.Enqueue($"{request.Method} {path}");
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Bearer" || header.Parameter != Key)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("401: Unauthorized");
            return;
        }

        var service = path.Trim('/').Replace('/', '.');
        // Before 25.10 snapshots had this path alone, and it stayed.
        if (service == "zfs.snapshot") service = SnapshotService;
        try
        {
            var parameters = HttpMethods.IsPost(request.Method) ? new JsonArray(await JsonNode.ParseAsync(request.Body)) : Query(request);
            var method = HttpMethods.IsPost(request.Method) ? $"{service}.create" : service is "system.info" or "alert.list" ? service : $"{service}.query";
            if (CutOffAt == method)
            {
                context.Abort();
                return;
            }

            var answer = Do(method, parameters);
            if (LoseAnswerTo == method) context.Abort();
            else await WriteAsync(context, 200, answer);
        }
        catch (NasCallException e)
        {
            var status = e.Number switch { 0 => 404, 2 => 404, 13 => 403, _ => 422 };
            await WriteAsync(context, status, new JsonObject { ["message"] = e.Message, ["errno"] = e.Number });
        }
    }

    private static JsonArray Query(HttpRequest request)
    {
        var filters = new JsonArray([.. request.Query.Where(static q => !s_options.Contains(q.Key)).Select(static q => (JsonNode)new JsonArray(q.Key, "=", q.Value.ToString()))]);
        var options = new JsonObject();
        if (request.Query.TryGetValue("limit", out var limit)) options["limit"] = int.Parse(limit!, CultureInfo.InvariantCulture);
        if (request.Query.TryGetValue("offset", out var offset)) options["offset"] = int.Parse(offset!, CultureInfo.InvariantCulture);
        if (request.Query.TryGetValue("sort", out var sort)) options["order_by"] = new JsonArray(sort.ToString());
        return [filters, options];
    }

    private static Task WriteAsync(HttpContext context, int status, JsonNode? body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body?.ToJsonString() ?? "null");
    }
}
