using System.Globalization;
using Homelab.Lab.Proxmox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Homelab.Lab.Control;

/// <summary>Fate for the simulated hypervisors: what happens to guests, tasks and nodes without anybody's asking the API.</summary>
internal sealed class ProxmoxControl(SimulatedProxmox cluster)
{
    private readonly List<SimulatedTaskHold> _held = [];

    internal void Fill(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/guests/{vmid}/crash", Answer(request => OnGuest(request, Crash)));
        routes.MapPost("/guests/{vmid}/lock", Answer(request => OnGuest(request, guest => Lock(guest, request.Query["reason"].ToString()))));
        routes.MapDelete("/guests/{vmid}/lock", Answer(request => OnGuest(request, guest => Lock(guest, reason: null))));
        routes.MapPost("/tasks/fail", Answer(FailTask));
        routes.MapPost("/tasks/hold", Answer(HoldTask));
        routes.MapDelete("/tasks/hold", Answer(_ => Release()));
        routes.MapPost("/nodes/{node}/fault", Answer(request => OnNode(request, node => Fail(request, node))));
        routes.MapDelete("/nodes/{node}/fault", Answer(request => OnNode(request, Recover)));
        routes.MapPost("/nodes/{node}/down", context => OnNodeAsync(context, static (node, _) => node.GoDownAsync()));
        routes.MapPost("/nodes/{node}/up", context => OnNodeAsync(context, static (node, cancellationToken) => node.ComeUpAsync(cancellationToken)));
    }

    private static RequestDelegate Answer(Func<HttpRequest, ControlAnswer> answer) => context => answer(context.Request).WriteAsync(context);

    private static ControlAnswer Crash(SimulatedGuest guest)
    {
        if (guest.Pid is null) return ControlAnswer.Refuse(StatusCodes.Status409Conflict, $"Guest {guest.Vmid} does not run. Start it through the API first.");
        guest.Crash();
        return ControlAnswer.Done;
    }

    private static ControlAnswer Lock(SimulatedGuest guest, string? reason)
    {
        if (reason is "") return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, "There is no reason to lock it for. Give reason, such as backup.");
        guest.Lock = reason;
        return ControlAnswer.Done;
    }

    private static ControlAnswer Fail(HttpRequest request, SimulatedNode node)
    {
        if (!FaultQuery<ProxmoxFaultKind>.TryRead(request.Query, out var fault, out var mistake)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, mistake);
        node.Fail(new ProxmoxFault { Kind = fault.Kind, Times = fault.Times, Delay = fault.Delay, Method = fault.Method, Path = fault.Path });
        return ControlAnswer.Done;
    }

    private static ControlAnswer Recover(SimulatedNode node)
    {
        node.Recover();
        return ControlAnswer.Done;
    }

    private ControlAnswer FailTask(HttpRequest request)
    {
        if (request.Query["type"].ToString() is not { Length: > 0 } type || request.Query["exit"].ToString() is not { Length: > 0 } exit)
        {
            return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, "Give type, such as qmstart, and exit: what its next task ends with.");
        }

        cluster.FailNext(type, exit);
        return ControlAnswer.Done;
    }

    private ControlAnswer HoldTask(HttpRequest request)
    {
        if (request.Query["type"].ToString() is not { Length: > 0 } type) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, "Give type, such as vzdump: its next task runs until it is released or stopped.");
        lock (_held) _held.Add(cluster.HoldNext(type));
        return ControlAnswer.Done;
    }

    private ControlAnswer Release()
    {
        lock (_held)
        {
            foreach (var held in _held) held.Release();
            _held.Clear();
        }

        return ControlAnswer.Done;
    }

    private ControlAnswer OnGuest(HttpRequest request, Func<SimulatedGuest, ControlAnswer> act)
    {
        var given = (string)request.RouteValues["vmid"]!;
        return cluster.Guests.FirstOrDefault(g => g.Vmid.ToString(CultureInfo.InvariantCulture) == given) is { } guest
            ? act(guest)
            : ControlAnswer.Refuse(StatusCodes.Status404NotFound, $"There is no guest '{given}'.");
    }

    private ControlAnswer OnNode(HttpRequest request, Func<SimulatedNode, ControlAnswer> act)
    {
        var given = (string)request.RouteValues["node"]!;
        return cluster.Nodes.FirstOrDefault(n => n.Name == given) is { } node
            ? act(node)
            : ControlAnswer.Refuse(StatusCodes.Status404NotFound, $"There is no node '{given}'. There are: {string.Join(", ", cluster.Nodes.Select(static n => n.Name))}.");
    }

    private async Task OnNodeAsync(HttpContext context, Func<SimulatedNode, CancellationToken, Task> act)
    {
        SimulatedNode? found = null;
        var answer = OnNode(context.Request, node =>
        {
            found = node;
            return ControlAnswer.Done;
        });
        if (found is not null) await act(found, context.RequestAborted);
        await answer.WriteAsync(context);
    }
}
