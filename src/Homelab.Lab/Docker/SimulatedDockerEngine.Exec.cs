using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Docker;

public sealed partial class SimulatedDockerEngine
{
    private readonly ConcurrentDictionary<string, SimulatedExec> _execs = new(StringComparer.Ordinal);

    private async Task CreateExecAsync(HttpContext context, SimulatedContainer container)
    {
        if (await BodyAsync(context) is not JsonObject body) return;
        var words = (body["Cmd"] as JsonArray)?.Select(static w => w?.GetValue<string>() ?? "").ToArray() ?? [];
        if (words.Length == 0)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "No exec command specified");
            return;
        }

        if (!container.Running)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, $"Container {container.Id} is not running");
            return;
        }

        var exec = new SimulatedExec(container, words);
        _execs[exec.Id] = exec;
        container.TellExec("create", words);
        await WriteAsync(context, StatusCodes.Status201Created, new JsonObject { ["Id"] = exec.Id }.ToJsonString() + "\n");
    }

    private Task DispatchExecAsync(HttpContext context, string id, string what)
    {
        if (!_execs.TryGetValue(id, out var exec)) return RefuseAsync(context, StatusCodes.Status404NotFound, "No such exec instance: " + id);
        return (context.Request.Method, what) switch
        {
            ("POST", "start") => StartExecAsync(context, exec),
            ("GET", "json") => JsonAsync(context, Describe(exec)),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "page not found"),
        };
    }

    private async Task StartExecAsync(HttpContext context, SimulatedExec exec)
    {
        if (await BodyAsync(context) is null) return;
        if (!exec.Container.Running)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, $"Container {exec.Container.Id} is not running");
            return;
        }

        if (!exec.TryStart())
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, $"exec command {exec.Id} has already run");
            return;
        }

        exec.Container.TellExec("start", exec.Words);
        context.Response.ContentType = "application/vnd.docker.multiplexed-stream";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        // A client that leaves does not end the command.
        var running = exec.RunAsync(_options.Time, (source, text) => context.RequestAborted.IsCancellationRequested ? Task.CompletedTask : WriteFrameAsync(context, source, text));
        await running.WaitAsync(context.RequestAborted);
    }

    private static JsonObject Describe(SimulatedExec exec) => new()
    {
        ["ID"] = exec.Id,
        ["Running"] = exec.Running,
        ["ExitCode"] = exec.ExitCode,
        ["ContainerID"] = exec.Container.Id,
        ["OpenStdin"] = false,
        ["OpenStdout"] = true,
        ["OpenStderr"] = true,
        ["Pid"] = exec.Running ? 4711 : 0,
    };

    // Null when it was no JSON, which has been said then.
    private static async Task<JsonNode?> BodyAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid JSON");
            return null;
        }
    }
}
