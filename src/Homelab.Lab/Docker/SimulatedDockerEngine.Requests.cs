using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Docker;

public sealed partial class SimulatedDockerEngine
{
    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "/";
        var version = VersionPrefix().Match(path);
        var asked = version.Success ? version.Groups["version"].Value : "";
        if (version.Success) path = path[(version.Length - 1)..];
        var received = new EngineRequest(request.Method, path, request.QueryString.Value ?? "", asked);
        _requests.Enqueue(received);
        Interlocked.Increment(ref _underWay);
        context.Response.OnCompleted(() =>
        {
            Interlocked.Decrement(ref _underWay);
            return Task.CompletedTask;
        });
        RequestReceived?.Invoke(this, new EngineRequestEventArgs(received));

        var headers = context.Response.Headers;
        headers.Date = _clock.Time.GetUtcNow().ToString("R");
        headers["Api-Version"] = _options.ApiVersion;
        headers["Docker-Experimental"] = "false";
        headers["Ostype"] = "linux";
        headers["Server"] = $"Docker/{_options.EngineVersion} (linux)";
        try
        {
            var fault = TakeFault(request.Method, path);
            switch (fault?.Kind)
            {
                case EngineFaultKind.Hang:
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                    return;
                case EngineFaultKind.Slow:
                    await Task.Delay(fault.Delay, _options.Time, context.RequestAborted);
                    break;
                case EngineFaultKind.InternalError:
                    await RefuseAsync(context, StatusCodes.Status500InternalServerError, "something went wrong inside the engine");
                    return;
                case EngineFaultKind.MalformedJson:
                    await WriteAsync(context, StatusCodes.Status200OK, "{\"Id\": ");
                    return;
                case EngineFaultKind.Nothing:
                    context.Response.StatusCode = StatusCodes.Status200OK;
                    return;
                case EngineFaultKind.Lie:
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                case EngineFaultKind.LostBefore:
                    context.Abort();
                    return;
                case EngineFaultKind.LostAfter:
                    await LoseAnswerAsync(context, path);
                    return;
            }

            if (RefusedVersion(asked) is { } refusal) await RefuseAsync(context, StatusCodes.Status400BadRequest, refusal);
            else await DispatchAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left.
        }
    }

    // Does what was asked, and lets the answer go nowhere.
    private async Task LoseAnswerAsync(HttpContext context, string path)
    {
        using var nowhere = new MemoryStream();
        var body = context.Response.Body;
        context.Response.Body = nowhere;
        await DispatchAsync(context, path);
        context.Response.Body = body;
        context.Abort();
    }

    private Task DispatchAsync(HttpContext context, string path)
    {
        var get = context.Request.Method is "GET";
        var post = context.Request.Method is "POST";
        if (path is "/_ping" && (get || context.Request.Method is "HEAD")) return PingAsync(context);
        if (path is "/version" && get) return JsonAsync(context, VersionAnswer());
        if (path is "/info" && get) return JsonAsync(context, InfoAnswer());
        if (path is "/events" && get) return EventsAsync(context);
        if (path is "/containers/json" && get) return ListAsync(context);
        if (path is "/system/df" && get) return JsonAsync(context, SpaceAnswer(context));
        if (path is "/volumes" && get) return VolumesAsync(context);
        if (path is "/networks" && get) return NetworksAsync(context);
        if (path is "/images/prune" && post) return PruneImagesAsync(context);
        if (path is "/build/prune" && post) return PruneCachesAsync(context);
        if (path is "/containers/create" && post) return CreateAsync(context);
        if (get && path.StartsWith("/images/", StringComparison.Ordinal) && path.EndsWith("/json", StringComparison.Ordinal)) return DescribeImageAsync(context, path["/images/".Length..^"/json".Length]);
        if (post && path.Split('/') is ["", "networks", var network, "connect"]) return ConnectAsync(context, network);
        if (context.Request.Method is "DELETE" && path.Split('/') is ["", "containers", var gone]) return RemoveAsync(context, gone);
        if (path.Split('/') is ["", "exec", var exec, var wish]) return DispatchExecAsync(context, exec, wish);
        if (path.Split('/') is not ["", "containers", var name, var what]) return RefuseAsync(context, StatusCodes.Status404NotFound, "page not found");
        if (Find(name) is not { } container) return RefuseAsync(context, StatusCodes.Status404NotFound, "No such container: " + name);
        return what switch
        {
            "json" when get => JsonAsync(context, EngineJson.Inspect(container)),
            "logs" when get => LogsAsync(context, container),
            "stats" when get => StatsAsync(context, container),
            "start" when post => AnswerAsync(context, container.StartAsync(context.RequestAborted)),
            "stop" when post => AnswerAsync(context, container.StopAsync(Grace(context), context.RequestAborted)),
            "restart" when post => AnswerAsync(context, RestartAsync(context, container)),
            "exec" when post => CreateExecAsync(context, container),
            "rename" when post => RenameAsync(context, container),
            "update" when post => UpdateAsync(context, container),
            "kill" when post => KillAsync(context, container),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "page not found"),
        };
    }

    private EngineFault? TakeFault(string method, string path)
    {
        lock (_lock)
        {
            for (var i = 0; i < _faults.Count; i++)
            {
                var (fault, left) = _faults[i];
                if (!Wildcard.Matches(fault.Method, method) || !Wildcard.Matches(fault.Path, path)) continue;
                if (left == 1) _faults.RemoveAt(i);
                else if (left != int.MaxValue) _faults[i] = (fault, left - 1);
                return fault;
            }

            return null;
        }
    }

    // An id's beginning is a name too, if it is one container's only.
    private SimulatedContainer? Find(string name)
    {
        var all = Containers;
        if (all.FirstOrDefault(c => c.Id == name) is { } whole) return whole;
        if (all.FirstOrDefault(c => c.Name == name) is { } named) return named;
        var begun = all.Where(c => c.Id.StartsWith(name, StringComparison.Ordinal)).Take(2).ToArray();
        return begun is [var only] ? only : null;
    }

    private string? RefusedVersion(string asked)
    {
        if (asked.Length == 0) return null;
        var version = Version.Parse(asked);
        if (version > Version.Parse(_options.ApiVersion)) return $"client version {asked} is too new. Maximum supported API version is {_options.ApiVersion}";
        return version < Version.Parse(_options.MinApiVersion)
            ? $"client version {asked} is too old. Minimum supported API version is {_options.MinApiVersion}, please upgrade your client to a newer version"
            : null;
    }

    private JsonObject InfoAnswer() => new()
    {
        ["ID"] = "simulated",
        [nameof(Containers)] = Containers.Count,
        ["ContainersRunning"] = Containers.Count(static c => c.Running),
        ["ServerVersion"] = _options.EngineVersion,
        ["OSType"] = "linux",
        ["DockerRootDir"] = _options.DataRoot,
        ["SecurityOptions"] = new JsonArray(["name=seccomp,profile=builtin", .. _options.Rootless ? [(JsonNode)"name=rootless"] : Array.Empty<JsonNode>()]),
    };

    private JsonObject VersionAnswer() => new()
    {
        ["Platform"] = new JsonObject { ["Name"] = "" },
        ["Components"] = new JsonArray(),
        ["Version"] = _options.EngineVersion,
        ["ApiVersion"] = _options.ApiVersion,
        ["MinAPIVersion"] = _options.MinApiVersion,
        ["GitCommit"] = "simulated",
        ["GoVersion"] = "none",
        ["Os"] = "linux",
        ["Arch"] = "amd64",
        ["KernelVersion"] = "0",
        ["BuildTime"] = "2026-01-01T00:00:00.000000000+00:00",
    };

    private static async Task PingAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (context.Request.Method is "GET") await context.Response.WriteAsync("OK", context.RequestAborted);
    }

    private static Task JsonAsync(HttpContext context, JsonNode body) => WriteAsync(context, StatusCodes.Status200OK, body.ToJsonString() + "\n");

    private static Task RefuseAsync(HttpContext context, int status, string message) => WriteAsync(context, status, new JsonObject { ["message"] = message }.ToJsonString() + "\n");

    private static async Task WriteAsync(HttpContext context, int status, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    [GeneratedRegex(@"^/v(?<version>[0-9]{1,3}\.[0-9]{1,3})/", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPrefix();
}
