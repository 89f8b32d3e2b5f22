using System.Text.Json;
using Homelab.Composition;

namespace Homelab.Host.Web.Rest;

/// <summary>The routes that change something.</summary>
/// <param name="runtime">The lab.</param>
/// <param name="stopping">Ends when the server is told to stop.</param>
internal sealed class RestChanges(HomelabRuntime runtime, CancellationToken stopping)
{
    private readonly RestRefusals _refusals = new(runtime.Gate);

    internal async Task AnswerAsync(HttpContext http, string operation, Caller caller)
    {
        var wish = await _refusals.WatchAsync(http, caller, () => ReadAsync(http, caller));
        var request = new GateRequest { Operation = operation, Json = wish.Input, Caller = caller, Approval = wish.Approval, DryRun = wish.DryRun };
        // The gate writes nothing of a dry run, so that what was wrong with one is written here.
        // Not the request's own end: a client whose patience is shorter than a reboot hangs up, and the reboot is followed to its end all the same.
        switch (wish.DryRun ? await _refusals.WatchAsync(http, caller, () => runtime.Gate.InvokeAsync(request, stopping)) : await runtime.Gate.InvokeAsync(request, stopping))
        {
            case GateOutcome.Done { Result: VmDetail vm }:
                await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, RestDone.Of(vm));
                break;
            case GateOutcome.Done:
                await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, RestDone.Of(wish.Vm, await LookAsync(wish.Vm, caller)));
                break;
            case GateOutcome.Waiting waiting:
                await RestAnswer.WriteAsync(http, StatusCodes.Status202Accepted, RestWaiting.Of(waiting.Approval, http.Request));
                break;
            case GateOutcome.Planned planned:
                await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, RestPlan.Of(operation, planned));
                break;
            case var other:
                throw new InvalidOperationException($"The gate answered a client with {other.GetType().Name}.");
        }
    }

    private async Task<RestWish> ReadAsync(HttpContext http, Caller caller)
    {
        var wish = await RestWish.ReadAsync(http);
        if (wish.Approval is { } id) await CheckOwnAsync(id, caller, http.RequestAborted);
        return wish;
    }

    // The gate holds an approval to its operation and input; that it is used by the one who asked is for the face to see.
    private async Task CheckOwnAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var asker = (await runtime.Approvals.GetAsync(id, cancellationToken)).RequestedBy;
        if (asker.Face == caller.Face && asker.Identity == caller.Identity) return;
        throw new HomelabException(ErrorKind.Denied, "ApprovalNotYours", $"Approval {id} was not asked for by {caller}. Send the request without it to ask for one.", id);
    }

    private async Task<Vm?> LookAsync(VmRef vm, Caller caller)
    {
        var input = JsonSerializer.SerializeToElement(new { vm = vm.ToString() });
        try
        {
            return (Vm)await runtime.Gate.QueryAsync(new GateRequest { Operation = "proxmox_vm_status", Json = input, Caller = caller }, stopping).SingleAsync(stopping);
        }
        catch (HomelabException)
        {
            // That it happened is known; what it does now is then said to be unknown.
            return null;
        }
    }
}
