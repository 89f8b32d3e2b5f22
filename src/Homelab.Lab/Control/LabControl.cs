using System.Globalization;
using Homelab.Lab.Docker;
using Homelab.Lab.Hosts;
using Homelab.Lab.Proxmox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Homelab.Lab.Control;

/// <summary>
/// A small HTTP face on loopback by which another process breaks a simulated homelab and sees what was done to it. It is no part of the homelab: nothing
/// that heals may know it. docs/lab-simulator.md lists the routes.
/// </summary>
public sealed class LabControl : IAsyncDisposable
{
    private const int Killed = 137;
    private const int LargestCode = 255;

    private readonly SimulatedHomelab _homelab;
    private LoopbackServer? _server;

    private LabControl(SimulatedHomelab homelab) => _homelab = homelab;

    /// <summary>Its address.</summary>
    public Uri Url => _server!.Url;

    /// <summary>Its routes, for whoever counts them: <c>POST /reset</c>.</summary>
    internal IReadOnlyList<string> Routes { get; private set; } = [];

    /// <summary>Starts it.</summary>
    public static async Task<LabControl> StartAsync(SimulatedHomelab homelab)
    {
        ArgumentNullException.ThrowIfNull(homelab);
        var control = new LabControl(homelab);
        control._server = await LoopbackServer.StartAsync(control.Fill);
        return control;
    }

    /// <summary>Closes the port. The homelab goes on.</summary>
    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private void Fill(WebApplication app)
    {
        app.Use(ExplainAsync);
        app.UseRouting();
        app.MapGet("/changes", Answer(_ => ControlAnswer.Ok(_homelab.Engines.SelectMany(static e => e.Value.Changes.Select(c => Show(e.Key, e.Value, c))).Concat(_homelab.Proxmox.Changes.Select(Show)).Concat(_homelab.Hosts.Values.SelectMany(static h => h.Changes.Select(c => Show(h, c)))).ToArray())));
        app.MapGet("/requests", Answer(_ => ControlAnswer.Ok(new { count = _homelab.Engines.Values.Sum(static e => e.Requests.Count) + _homelab.Proxmox.Requests.Count })));
        app.MapGet("/messages", Answer(_ => ControlAnswer.Ok(_homelab.Telegram.Messages.Select(static m => new { chat = m.Chat, text = m.Text }).ToArray())));
        app.MapPost("/containers/{name}@{host}/crash", Answer(request => OnContainer(request, Crash)));
        app.MapPost("/containers/{name}@{host}/unhealthy", Answer(request => OnContainer(request, BecomeUnhealthy)));
        app.MapPost("/containers/{name}@{host}/log", Answer(request => OnContainer(request, WriteLog)));
        app.MapPost("/containers/{name}@{host}/fill", Answer(request => OnContainer(request, FillLog)));
        app.MapPost("/engines/{host}/fault", Answer(request => OnEngine(request, engine => Fail(request, engine))));
        app.MapDelete("/engines/{host}/fault", Answer(request => OnEngine(request, Recover)));
        new ProxmoxControl(_homelab.Proxmox).Fill(app);
        new HostControl(_homelab.Hosts).Fill(app);
        app.MapPost("/reset", Answer(Reset));
        Routes = [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(static s => s.Endpoints).Cast<RouteEndpoint>()
            .Select(static e => $"{e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0]} {e.RoutePattern.RawText}")];
    }

    private static RequestDelegate Answer(Func<HttpRequest, ControlAnswer> answer) => context => answer(context.Request).WriteAsync(context);

    // An engine is told the id, people know the name.
    private static object Show(string host, SimulatedDockerEngine engine, EngineRequest change)
    {
        var named = change.Path.Split('/') is ["", "containers", var name, ..] ? name : null;
        var container = engine.Containers.FirstOrDefault(c => c.Id == named || c.Name == named)?.Name;
        return new { host, method = change.Method, path = change.Path, container };
    }

    private static object Show(ProxmoxRequest change) => new { host = change.Node, method = change.Method, path = change.Path + change.Query, container = (string?)null };

    private static object Show(SimulatedHost host, HostCommand change) => new { host = host.Name, method = "ssh", path = change.ToString(), container = (string?)null };

    private static ControlAnswer Crash(HttpRequest request, SimulatedContainer container)
    {
        var code = Killed;
        if (request.Query["code"].ToString() is { Length: > 0 } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) || code > LargestCode))
        {
            return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"'{text}' is no exit code. Give a number from 0 to {LargestCode}.");
        }

        if (!container.Running) return NotRunning(container);
        container.Crash(code);
        return ControlAnswer.Done;
    }

    private static ControlAnswer BecomeUnhealthy(HttpRequest request, SimulatedContainer container)
    {
        if (!container.Spec.HasHealthCheck) return ControlAnswer.Refuse(StatusCodes.Status409Conflict, $"{container.Name} has no health check, so it cannot become unhealthy.");
        if (!container.Running) return NotRunning(container);
        container.BecomeUnhealthy();
        return ControlAnswer.Done;
    }

    private static ControlAnswer WriteLog(HttpRequest request, SimulatedContainer container)
    {
        if (!request.Query.ContainsKey("text")) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, "There is nothing to write. Give text.");
        if (!Enum.TryParse<LogSource>(request.Query["source"].ToString() is { Length: > 0 } named ? named : nameof(LogSource.Output), ignoreCase: true, out var source) || !Enum.IsDefined(source))
        {
            return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"'{request.Query["source"]}' is no source. Give output or error.");
        }

        container.WriteLog(request.Query["text"].ToString(), source);
        return ControlAnswer.Done;
    }

    private static ControlAnswer FillLog(HttpRequest request, SimulatedContainer container)
    {
        if (!ByteSize.TryParse(request.Query["bytes"].ToString(), out var bytes)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"'{request.Query["bytes"]}' is no size. Give bytes, such as 20GiB.");
        container.FillLog(bytes);
        return ControlAnswer.Done;
    }

    private static ControlAnswer NotRunning(SimulatedContainer container) =>
        ControlAnswer.Refuse(StatusCodes.Status409Conflict, $"{container.Name} does not run. Start it through its engine first.");

    private static ControlAnswer Fail(HttpRequest request, SimulatedDockerEngine engine)
    {
        if (!FaultQuery<EngineFaultKind>.TryRead(request.Query, out var fault, out var mistake)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, mistake);
        engine.Fail(new EngineFault { Kind = fault.Kind, Times = fault.Times, Delay = fault.Delay, Method = fault.Method, Path = fault.Path });
        return ControlAnswer.Done;
    }

    private static ControlAnswer Recover(SimulatedDockerEngine engine)
    {
        engine.Recover();
        return ControlAnswer.Done;
    }

    private ControlAnswer Reset(HttpRequest request)
    {
        foreach (var engine in _homelab.Engines.Values) engine.ForgetRequests();
        _homelab.Proxmox.ForgetRequests();
        foreach (var host in _homelab.Hosts.Values) host.ForgetCommands();
        return ControlAnswer.Done;
    }

    private ControlAnswer OnEngine(HttpRequest request, Func<SimulatedDockerEngine, ControlAnswer> act)
    {
        var host = (string)request.RouteValues["host"]!;
        return _homelab.Engines.TryGetValue(host, out var engine)
            ? act(engine)
            : ControlAnswer.Refuse(StatusCodes.Status404NotFound, $"There is no engine on '{host}'. There are: {string.Join(", ", _homelab.Engines.Keys)}.");
    }

    private ControlAnswer OnContainer(HttpRequest request, Func<HttpRequest, SimulatedContainer, ControlAnswer> act) => OnEngine(request, engine =>
    {
        var name = (string)request.RouteValues["name"]!;
        return engine.Containers.FirstOrDefault(c => c.Name == name) is { } container
            ? act(request, container)
            : ControlAnswer.Refuse(StatusCodes.Status404NotFound, $"There is no container '{name}' on '{request.RouteValues["host"]}'.");
    });

    // What no route has answered is answered with a reason too.
    private static async Task ExplainAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted) return;
        var answer = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ControlAnswer.Refuse(StatusCodes.Status404NotFound, "There is nothing at this path. docs/lab-simulator.md lists the routes."),
            StatusCodes.Status405MethodNotAllowed => ControlAnswer.Refuse(StatusCodes.Status405MethodNotAllowed, $"This path takes {context.Response.Headers.Allow} alone."),
            _ => null,
        };
        if (answer is not null) await answer.WriteAsync(context);
    }
}
