using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Homelab.Lab.Proxmox;

/// <summary>The daemon before the API: methods, formats, faults, callers, bodies, and which node is to answer.</summary>
internal sealed class ProxmoxApi(SimulatedProxmox cluster, RouteTable routes)
{
    private const string Base = "/api2/";

    internal async Task AnswerAsync(SimulatedNode node, HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = Uri.UnescapeDataString(target.Split('?', 2)[0]);
        AnswerWriter.Headers(context, cluster.Time.GetUtcNow());
        if (context.Request.Method is not ("GET" or "POST" or "PUT" or "DELETE"))
        {
            AnswerWriter.Bare(context, StatusCodes.Status501NotImplemented, $"method '{context.Request.Method}' not available");
            return;
        }

        if (!path.StartsWith(Base, StringComparison.Ordinal))
        {
            await AnswerWriter.PlainAsync(context, StatusCodes.Status500InternalServerError, $"no such file '{path}'\n");
            return;
        }

        var format = path[Base.Length..].Split('/', 2)[0];
        path = path[(Base.Length + format.Length)..].TrimEnd('/');
        if (path.Length == 0) path = "/";
        try
        {
            await FaultyAsync(node, context, format, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left.
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not OperationCanceledException)
        {
            // A fault of the simulator is told like any other, and not lost in a server that keeps no log.
            await AnswerWriter.PlainAsync(context, StatusCodes.Status500InternalServerError, $"the simulator failed: {e}");
        }
    }

    private async Task FaultyAsync(SimulatedNode node, HttpContext context, string format, string path)
    {
        var fault = node.TakeFault(context.Request.Method, path);
        switch (fault?.Kind)
        {
            case null:
                await RecognizedAsync(node, context, format, path, silent: false);
                return;
            case ProxmoxFaultKind.Slow:
                await Task.Delay(fault.Delay, cluster.Time, context.RequestAborted);
                await RecognizedAsync(node, context, format, path, silent: false);
                return;
            case ProxmoxFaultKind.LostAfter:
                await RecognizedAsync(node, context, format, path, silent: true);
                context.Abort();
                return;
        }

        // What never reaches the API is remembered all the same: somebody did ask.
        cluster.Remember(new ProxmoxRequest(node.Name, context.Request.Method, path, context.Request.QueryString.Value ?? "", RequestRecord.NoFields, null));
        switch (fault.Kind)
        {
            case ProxmoxFaultKind.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return;
            case ProxmoxFaultKind.LostBefore:
                context.Abort();
                return;
            case ProxmoxFaultKind.Unreachable:
                AnswerWriter.Bare(context, 595, "Connection refused");
                return;
            case ProxmoxFaultKind.BadPeer:
                AnswerWriter.Bare(context, 596, "tls_process_server_certificate: certificate verify failed");
                return;
            case ProxmoxFaultKind.Answer when fault.Body is { } body:
                await AnswerWriter.PlainAsync(context, fault.Status, body, fault.Reason);
                return;
            default:
                AnswerWriter.Bare(context, fault.Status, fault.Reason);
                return;
        }
    }

    private async Task RecognizedAsync(SimulatedNode node, HttpContext context, string format, string path, bool silent)
    {
        var query = context.Request.QueryString.Value ?? "";
        var caller = CallerRecognition.Recognize(cluster, context.Request, path);
        if (caller.Refusal is { } refusal)
        {
            cluster.Remember(new ProxmoxRequest(node.Name, context.Request.Method, path, query, RequestRecord.NoFields, null));
            if (!silent) AnswerWriter.Bare(context, StatusCodes.Status401Unauthorized, refusal);
            return;
        }

        RequestParameters.Result read;
        try
        {
            read = await RequestParameters.ReadAsync(context.Request, context.RequestAborted);
        }
        catch (UnreadableBodyException unreadable)
        {
            cluster.Remember(new ProxmoxRequest(node.Name, context.Request.Method, path, query, RequestRecord.NoFields, caller.User));
            if (!silent) await AnswerWriter.PlainAsync(context, unreadable.Status, unreadable.Message);
            return;
        }

        cluster.Remember(new ProxmoxRequest(node.Name, context.Request.Method, path, query, RequestRecord.Fields(read.Values), caller.User));
        if (format is not ("json" or "extjs"))
        {
            if (!silent) await AnswerWriter.PlainAsync(context, StatusCodes.Status501NotImplemented, $"no formatter for uri {path}, {format}");
            return;
        }

        try
        {
            var answer = Call(node, context.Request.Method, path, caller, read);
            if (!silent) await AnswerWriter.AnswerAsync(context, cluster.Rewrite is { } rewrite ? answer.Rewritten(context.Request.Method, path, rewrite) : answer, format is "extjs");
        }
        catch (ProxmoxRefusedException refused)
        {
            if (silent) return;
            // 595 comes from the proxy, which has nothing to say.
            if (refused.Status == 595) AnswerWriter.Bare(context, refused.Status, refused.Message);
            else await AnswerWriter.RefusalAsync(context, refused, format is "extjs");
        }
    }

    // In the real one's order: route, token, rights, node, parameters, and only then what is done.
    private ProxmoxAnswer Call(SimulatedNode node, string method, string path, CallerRecognition.Result caller, RequestParameters.Result read)
    {
        if (routes.Find(method, path) is not var (route, inPath)) throw ProxmoxRefusedException.With(StatusCodes.Status501NotImplemented, $"Method '{method} {path}' not implemented");
        if (caller.ByToken && !route.AllowsToken) throw ProxmoxRefusedException.Forbidden($"URI '{path}' not available with API token, need proper ticket.\n");
        var values = read.Values;
        foreach (var (name, value) in inPath)
        {
            if (!values.TryAdd(name, [value])) throw ProxmoxRefusedException.Parameter(name, "duplicate parameter (already defined in URI)");
        }

        lock (cluster.Sync)
        {
            PermissionCheck.Demand(cluster.Access, route.Permission, caller.User, values);
            if (route.ProxiedToNode) DemandReachable(node, inPath["node"]);
            ParameterCheck.Verify(route, values);
            return route.Handle(new ProxmoxCall(cluster, route, caller.User, node, values) { Upload = read.Upload });
        }
    }

    private void DemandReachable(SimulatedNode asked, string name)
    {
        if (name is "localhost") return;
        var node = cluster.Nodes.FirstOrDefault(n => n.Name == name)
            ?? throw ProxmoxRefusedException.Failed($"hostname lookup '{name}' failed - failed to get address info for: {name}: Temporary failure in name resolution");
        if (node != asked && !node.Online) throw ProxmoxRefusedException.With(595, "No route to host");
    }
}
