using System.Globalization;
using System.Text.Json;
using Homelab.Composition;

namespace Homelab.Host.Web.Rest;

/// <summary>
/// The routes that look. When Proxmox cannot be reached they answer with what was seen last, marked as such and with its age: a dashboard shows more than an error, and
/// nothing that could be taken for now.
/// </summary>
internal sealed class RestReads(HomelabRuntime runtime)
{
    private readonly RestRefusals _refusals = new(runtime.Gate);
    private readonly GuestMemory _guests = new(runtime.Time);
    private readonly LastAnswer<RestVm[]> _vms = new(runtime.Time);
    private readonly LastAnswer<RestNode[]> _nodes = new(runtime.Time);
    private readonly LastAnswer<RestStorage[]> _storage = new(runtime.Time);
    private readonly LastAnswer<RestCluster> _cluster = new(runtime.Time);

    internal Task VmsAsync(HttpContext http, Caller caller) => AnswerAsync(http, _vms, static vms => [.. vms.Select(static v => v.Aged())], async () =>
    {
        var vms = await ListVmsAsync(caller, name: null, http.RequestAborted);
        _guests.Keep(vms);
        return vms;
    });

    /// <summary>One guest: asked of its own node; else as the cluster lists it; else as it was seen last.</summary>
    internal async Task VmAsync(HttpContext http, Caller caller)
    {
        var reference = await _refusals.WatchAsync(http, caller, () => Task.FromResult(VmRoute.Read(http)));
        RestVm vm;
        try
        {
            var input = JsonSerializer.SerializeToElement(new { vm = reference.ToString() });
            vm = RestVm.Of(await AskAsync<Vm>("proxmox_vm_status", caller, input, http.RequestAborted).SingleAsync(http.RequestAborted));
            _guests.Keep([vm]);
        }
        catch (HomelabException e) when (IsOutOfReach(e))
        {
            if (await ListedAsync(caller, reference, http.RequestAborted) is { } listed)
            {
                vm = listed.Aged();
            }
            else if (_guests.Recall(reference) is { } recalled)
            {
                vm = recalled.Vm.Aged();
                SetAge(http, recalled.Age);
            }
            else
            {
                throw;
            }
        }

        await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, vm);
    }

    internal Task NodesAsync(HttpContext http, Caller caller) => AnswerAsync(http, _nodes, static nodes => [.. nodes.Select(static n => n.Aged())], async () =>
        await AskAsync<ClusterNode>("proxmox_list_nodes", caller, default, http.RequestAborted).Select(RestNode.Of).OrderBy(static n => n.Node, StringComparer.Ordinal).ToArrayAsync(http.RequestAborted));

    internal Task StorageAsync(HttpContext http, Caller caller) => AnswerAsync(http, _storage, static storages => [.. storages.Select(static s => s.Aged())], async () =>
        await AskAsync<ProxmoxStorage>("proxmox_list_storage", caller, default, http.RequestAborted)
            .Select(RestStorage.Of)
            .OrderBy(static s => s.Storage, StringComparer.Ordinal)
            .ThenBy(static s => s.Node, StringComparer.Ordinal)
            .ToArrayAsync(http.RequestAborted));

    internal Task ClusterAsync(HttpContext http, Caller caller) => AnswerAsync(http, _cluster, static cluster => cluster.Aged(), async () =>
        RestCluster.Of(await AskAsync<ClusterStatus>("proxmox_status", caller, default, http.RequestAborted).SingleAsync(http.RequestAborted)));

    private static async Task AnswerAsync<T>(HttpContext http, LastAnswer<T> memory, Func<T, T> aged, Func<Task<T>> ask)
        where T : class
    {
        T answer;
        try
        {
            answer = await ask();
            memory.Keep(answer);
        }
        catch (HomelabException e) when (IsOutOfReach(e) && memory.TryRecall(out var last, out var age))
        {
            answer = aged(last);
            SetAge(http, age);
        }

        await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, answer);
    }

    private async Task<RestVm?> ListedAsync(Caller caller, VmRef reference, CancellationToken cancellationToken)
    {
        try
        {
            return await ListVmsAsync(caller, reference.ToString(), cancellationToken) is [var only] ? only : null;
        }
        catch (HomelabException e) when (IsOutOfReach(e))
        {
            return null;
        }
    }

    private ValueTask<RestVm[]> ListVmsAsync(Caller caller, string? name, CancellationToken cancellationToken) =>
        AskAsync<Vm>("proxmox_list_vms", caller, JsonSerializer.SerializeToElement(new { name, template = true }), cancellationToken).Select(RestVm.Of).OrderBy(static v => v.Vmid).ToArrayAsync(cancellationToken);

    private IAsyncEnumerable<T> AskAsync<T>(string operation, Caller caller, JsonElement input, CancellationToken cancellationToken) =>
        runtime.Gate.QueryAsync(new GateRequest { Operation = operation, Json = input, Caller = caller }, cancellationToken).Cast<T>();

    // A refused login or a certificate that changed is no silence: that must be seen, not covered by an old answer.
    private static bool IsOutOfReach(HomelabException e) => e.Kind is ErrorKind.Unavailable or ErrorKind.Timeout && e.Id.StartsWith("Proxmox", StringComparison.Ordinal);

    private static void SetAge(HttpContext http, TimeSpan age) => http.Response.Headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
