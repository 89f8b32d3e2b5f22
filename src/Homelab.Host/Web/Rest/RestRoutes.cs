using System.Globalization;
using Homelab.Composition;
using Homelab.Host.Web.Access;

namespace Homelab.Host.Web.Rest;

/// <summary>
/// The routes that clients written for ProxmoxMCP-Plus expect, which never had them: <c>/api/vms</c>, <c>/api/nodes</c>, <c>/api/storage</c>, <c>/api/cluster/status</c>.
/// Each is an operation of the catalog, asked through the gate in the name of the client that the bearer token belongs to. Besides them, the questions that wait for people.
/// </summary>
/// <param name="runtime">The lab.</param>
/// <param name="door">Lets clients in.</param>
/// <param name="stopping">Ends when the server is told to stop.</param>
internal sealed class RestRoutes(HomelabRuntime runtime, Doorkeeper door, CancellationToken stopping)
{
    private readonly RestRefusals _refusals = new(runtime.Gate);
    private readonly RestReads _reads = new(runtime);
    private readonly RestChanges _changes = new(runtime, stopping);
    private readonly RestApprovals _approvals = new(runtime);

    internal void Map(IEndpointRouteBuilder routes)
    {
        Look("/api/vms", _reads.VmsAsync);
        Look($"/api/vms/{{{VmRoute.Parameter}}}/status", _reads.VmAsync);
        Look("/api/nodes", _reads.NodesAsync);
        Look("/api/storage", _reads.StorageAsync);
        Look("/api/cluster/status", _reads.ClusterAsync);
        Act("start", "proxmox_start_vm");
        Act("stop", "proxmox_stop_vm");
        Act("shutdown", "proxmox_shutdown_vm");
        Act("reboot", "proxmox_reboot_vm");
        Look("/api/approvals", Whole(_approvals.ListAsync));
        Look($"/api/approvals/{{{RestApprovals.Parameter}}}", Whole(_approvals.ShowAsync));
        Answer("approve", Whole(_approvals.ApproveAsync));
        Answer("deny", Whole(_approvals.DenyAsync));

        void Look(string path, Func<HttpContext, Caller, Task> answer) => routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], Guarded(answer));
        void Answer(string word, Func<HttpContext, Caller, Task> answer) =>
            routes.MapMethods($"/api/approvals/{{{RestApprovals.Parameter}}}/{word}", [HttpMethods.Post], Guarded(answer));
        void Act(string verb, string operation) =>
            routes.MapMethods($"/api/vms/{{{VmRoute.Parameter}}}/{verb}", [HttpMethods.Post], Guarded((http, caller) => _changes.AnswerAsync(http, operation, caller)));
    }

    // Questions are about whatever anybody asked: a credential for some operations is not for them.
    private Func<HttpContext, Caller, Task> Whole(Func<HttpContext, Caller, Task> answer) => (http, caller) => _refusals.WatchAsync(http, caller, async () =>
    {
        if (caller.Scope != OperationScope.All) throw new HomelabException(ErrorKind.Denied, "OperationNotGranted", $"The credential of {caller} is for {caller.Scope}, not for approvals. Use one that is for all operations.");
        await answer(http, caller);
        return true;
    });

    private RequestDelegate Guarded(Func<HttpContext, Caller, Task> answer) => async http =>
    {
        // How things are now is of no use to a cache, and not for one that serves others.
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if (await door.LetInAsync(http, Face.Rest) is { } caller) await answer(http, caller);
        }
        catch (HomelabException e)
        {
            if (e is GateException { Decision: var decision } && decision.Decisive.Max(static f => f.Wait) is { } wait)
            {
                http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            await Problem.WriteAsync(http, e, runtime.Redactor);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel found the body too long or cut off.
            await Problem.WriteAsync(http, e.StatusCode, "RequestUnreadable", $"The request cannot be read: {e.Message}");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            await Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "ProgramStopping", "The program was told to stop. If anything had begun, it is in its journal and is settled at the next start: look at the guest before you ask anew.");
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // A mistake of ours: its message may hold anything, so it goes to the log, where secrets are masked.
            runtime.Healing.ReportTrouble(runtime.Redactor.Redact($"a REST request could not be answered: {e}"));
            await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError, "RequestFailed", "The request failed in a way it should not. The log of the program says why.");
        }
    };
}
