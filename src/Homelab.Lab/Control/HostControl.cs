using System.Globalization;
using Homelab.Lab.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Homelab.Lab.Control;

/// <summary>Fate for the machines that are logged in to: what becomes of their disks, memory and units without anybody's asking them.</summary>
internal sealed class HostControl(IReadOnlyDictionary<string, SimulatedHost> hosts)
{
    private static readonly Dictionary<string, HostFault> s_faults = Enum.GetValues<HostFault>().Where(static f => f != HostFault.None).ToDictionary(HomelabNames.Of, StringComparer.OrdinalIgnoreCase);

    internal void Fill(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/hosts/{host}/disk", Answer(static (request, host) => OnUse(request, used => FillDisk(host, used))));
        routes.MapPost("/hosts/{host}/memory", Answer(static (request, host) => OnUse(request, used => FillMemory(host, used))));
        routes.MapPost("/hosts/{host}/units/{unit}/fail", Answer(FailUnit));
        routes.MapPost("/hosts/{host}/fault", Answer(Fail));
        routes.MapDelete("/hosts/{host}/fault", Answer(static (_, host) => Set(host, HostFault.None)));
    }

    private RequestDelegate Answer(Func<HttpRequest, SimulatedHost, ControlAnswer> act) => context =>
    {
        var name = (string)context.Request.RouteValues["host"]!;
        var answer = hosts.TryGetValue(name, out var host)
            ? act(context.Request, host)
            : ControlAnswer.Refuse(StatusCodes.Status404NotFound, $"No host '{name}' can be logged in to. There are: {string.Join(", ", hosts.Keys)}.");
        return answer.WriteAsync(context);
    };

    private static ControlAnswer OnUse(HttpRequest request, Action<long> use)
    {
        if (!ByteSize.TryParse(request.Query["used"].ToString(), out var used)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"'{request.Query["used"]}' is no size. Give used, such as 20GiB.");
        use(used);
        return ControlAnswer.Done;
    }

    private static void FillDisk(SimulatedHost host, long used) => host.FileSystem("/").Used = used;

    private static void FillMemory(SimulatedHost host, long used) => host.MemoryOwn = used;

    private static ControlAnswer FailUnit(HttpRequest request, SimulatedHost host)
    {
        var name = (string)request.RouteValues["unit"]!;
        var code = 1;
        if (request.Query["code"].ToString() is { Length: > 0 } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"'{text}' is no exit code.");
        if (host.Units.All(u => u.Name != name)) return ControlAnswer.Refuse(StatusCodes.Status404NotFound, $"There is no unit '{name}' on '{host.Name}'. There are: {string.Join(", ", host.Units.Select(static u => u.Name))}.");
        host.FailUnit(name, code);
        return ControlAnswer.Done;
    }

    private static ControlAnswer Fail(HttpRequest request, SimulatedHost host)
    {
        var delay = host.Delay;
        if (!s_faults.TryGetValue(request.Query["kind"].ToString(), out var fault)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"kind '{request.Query["kind"]}' is no fault. Give one of {string.Join(", ", s_faults.Keys)}.");
        if (request.Query.ContainsKey("delay") && !Duration.TryParse(request.Query["delay"], out delay)) return ControlAnswer.Refuse(StatusCodes.Status400BadRequest, $"delay '{request.Query["delay"]}' is no duration. Give one such as 2s.");
        host.Delay = delay;
        return Set(host, fault);
    }

    private static ControlAnswer Set(SimulatedHost host, HostFault fault)
    {
        host.Fault = fault;
        return ControlAnswer.Done;
    }
}
