using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Docker;

public sealed partial class SimulatedDockerEngine
{
    private static readonly TimeSpan s_usualGrace = TimeSpan.FromSeconds(10);
    private static readonly string[] s_listFilters = ["id", "name", "status", "label", "health"];
    private static readonly string[] s_eventFilters = ["type", "container", "event", "image", "label"];

    private async Task ListAsync(HttpContext context)
    {
        if (ReadFilters(context, s_listFilters) is not { } filters)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid filter");
            return;
        }

        // Without all=1 only what runs is listed, unless a state is asked for.
        var all = context.Request.Query["all"].ToString() is "1" or "true" or "True" || !filters.Allows("status", static _ => false);
        var list = Containers
            .Where(c => all || c.Running)
            .Where(c => filters.Allows("id", id => c.Id.StartsWith(id, StringComparison.Ordinal)))
            .Where(c => filters.Allows("name", name => c.Name.Contains(name.TrimStart('/'), StringComparison.Ordinal)))
            .Where(c => filters.Allows("status", status => status == EngineJson.Word(c.State)))
            .Where(c => filters.Allows("health", health => string.Equals(health, c.Health.ToString(), StringComparison.OrdinalIgnoreCase)))
            .Where(c => filters.AllowsAll("label", label => EngineFilters.HasLabel(c, label)))
            .OrderByDescending(static c => c.Created);
        var now = _clock.Now();
        await JsonAsync(context, new JsonArray([.. list.Select(c => EngineJson.List(c, now))]));
    }

    private async Task StatsAsync(HttpContext context, SimulatedContainer container)
    {
        if (context.Request.Query["stream"].ToString() is "0" or "false" or "False")
        {
            await JsonAsync(context, EngineStats.Of(container, _options.MachineMemory, _clock.Now()));
            return;
        }

        context.Response.ContentType = "application/json";
        while (true)
        {
            await context.Response.WriteAsync(EngineStats.Of(container, _options.MachineMemory, _clock.Now()).ToJsonString() + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromSeconds(1), _options.Time, context.RequestAborted);
        }
    }

    private async Task EventsAsync(HttpContext context)
    {
        if (ReadFilters(context, s_eventFilters) is not { } filters)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid filter");
            return;
        }

        var until = EngineClock.ReadNanoseconds(context.Request.Query["until"]);
        var events = _events.Listen(EngineClock.ReadNanoseconds(context.Request.Query["since"]));
        var left = until is { } end ? TimeSpan.FromTicks(Math.Max(0, (end - EngineClock.Nanoseconds(_clock.Now())) / 100)) : Timeout.InfiniteTimeSpan;
        await using var over = _options.Time.CreateTimer(_ => events.Writer.TryComplete(), state: null, left, Timeout.InfiniteTimeSpan);
        try
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await foreach (var happened in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                if (happened.UnixNanoseconds > (until ?? long.MaxValue) || !IsWanted(happened, filters)) continue;
                await context.Response.WriteAsync(happened.Json + "\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        finally
        {
            _events.Leave(events);
        }
    }

    private bool IsWanted(EngineEvent happened, EngineFilters filters) =>
        filters.Allows("type", static type => type == "container")
        && filters.Allows("container", c => c == happened.Name || happened.Id.StartsWith(c, StringComparison.Ordinal))
        && filters.Allows("event", word => happened.Action == word || happened.Action.StartsWith(word + ":", StringComparison.Ordinal))
        && filters.AllowsAll("label", label => Find(happened.Id) is { } container && EngineFilters.HasLabel(container, label));

    private static async Task LogsAsync(HttpContext context, SimulatedContainer container)
    {
        var query = context.Request.Query;
        var output = IsYes(query["stdout"]);
        var error = IsYes(query["stderr"]);
        if (!output && !error)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Bad parameters: you must choose at least one stream");
            return;
        }

        var follow = IsYes(query["follow"]);
        var stamps = IsYes(query["timestamps"]);
        var since = EngineClock.ReadNanoseconds(query["since"]) ?? 0;
        var tail = int.TryParse(query["tail"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
        context.Response.ContentType = container.Spec.Tty ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";
        await context.Response.Body.FlushAsync(context.RequestAborted);

        var (lines, changed) = container.ReadLog();
        var next = lines.Count;
        foreach (var line in lines.Where(IsWanted).TakeLast(tail)) await WriteLineAsync(context, container.Spec.Tty, stamps, line);
        while (follow && container.Running)
        {
            await changed.WaitAsync(context.RequestAborted);
            (lines, changed) = container.ReadLog();
            // A cut log begins anew.
            if (lines.Count < next) next = 0;
            foreach (var line in lines.Skip(next).Where(IsWanted)) await WriteLineAsync(context, container.Spec.Tty, stamps, line);
            next = lines.Count;
        }

        bool IsWanted(SimulatedLogLine line) =>
            (container.Spec.Tty || (line.Source is LogSource.Error ? error : output)) && EngineClock.Nanoseconds(line.At) >= since;
    }

    private static async Task WriteLineAsync(HttpContext context, bool tty, bool stamps, SimulatedLogLine line)
    {
        var text = (stamps ? EngineClock.WriteFixed(line.At) + " " : "") + line.Text + (tty ? "\r\n" : "\n");
        if (tty) await context.Response.WriteAsync(text, context.RequestAborted);
        else await WriteFrameAsync(context, line.Source, text);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task WriteFrameAsync(HttpContext context, LogSource source, string text)
    {
        const int HeadLength = 8;
        var bytes = Encoding.UTF8.GetBytes(text);
        var head = new byte[HeadLength];
        head[0] = source is LogSource.Error ? (byte)2 : (byte)1;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), bytes.Length);
        await context.Response.Body.WriteAsync(head, context.RequestAborted);
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext context, Task<bool> change) =>
        context.Response.StatusCode = await change ? StatusCodes.Status204NoContent : StatusCodes.Status304NotModified;

    private static async Task<bool> RestartAsync(HttpContext context, SimulatedContainer container)
    {
        await container.RestartAsync(Grace(context), context.RequestAborted);
        return true;
    }

    private static async Task KillAsync(HttpContext context, SimulatedContainer container)
    {
        if (ReadSignal(context.Request.Query["signal"].ToString()) is not { } signal)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Invalid signal: " + context.Request.Query["signal"]);
            return;
        }

        if (container.Kill(signal)) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await RefuseAsync(context, StatusCodes.Status409Conflict, $"Cannot kill container: {container.Name}: Container {container.Id} is not running");
    }

    private static EngineFilters? ReadFilters(HttpContext context, string[] known)
    {
        try
        {
            return EngineFilters.Read(context.Request.Query["filters"], known);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static TimeSpan Grace(HttpContext context) =>
        int.TryParse(context.Request.Query["t"].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : s_usualGrace;

    private static int? ReadSignal(string text) => text.Replace("SIG", "", StringComparison.Ordinal) switch
    {
        "" or "KILL" or "9" => 9,
        "TERM" or "15" => 15,
        "INT" or "2" => 2,
        "QUIT" or "3" => 3,
        "HUP" or "1" => 1,
        "USR1" or "10" => 10,
        "USR2" or "12" => 12,
        _ => null,
    };

    private static bool IsYes(Microsoft.Extensions.Primitives.StringValues value) => value.ToString() is "1" or "true" or "True";
}
