using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the guests that the high-availability manager looks after, and what it makes of them.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/ha/resources</c>, <c>/cluster/ha/status/current</c>, and <c>/cluster/ha/rules</c>, which nodes before 9.0 do not know: there a guest has
/// a group. Needs Sys.Audit on /. The CLI's <c>ha-manager status</c>.
/// </remarks>
[Operation("proxmox_ha_status", Level.Configure, Risk.Read)]
[Description("Lists the guests that Proxmox' high-availability manager looks after: what each should do, what it does, on which node, and the rules that hold for it.")]
[Example("Get-HlHaResource", "List every guest under high availability.")]
[Example("Get-HlHaResource | Where-Object { $_.State -ne $_.Wanted }", "List those that are not as they should be.")]
public sealed class ReadHaStatus(ProxmoxCluster cluster) : Query<ReadHaStatus.Input, HaResource>
{
    /// <summary>Which guests.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID. All when not given.")]
        public VmRef? Vm { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HaResource> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = input.Vm is { } vm ? vm.Id ?? (await cluster.Vms.FindAsync(vm, cancellationToken).ConfigureAwait(false)).Id : (int?)null;
        var resources = cluster.Wire.GetAsync($"/cluster/ha/resources", ProxmoxJson.Default.HaResourceWireArray, cancellationToken);
        var states = cluster.Wire.GetAsync($"/cluster/ha/status/current", ProxmoxJson.Default.HaStatusWireArray, cancellationToken);
        var rules = ReadRulesAsync(cancellationToken);
        await Task.WhenAll(resources, states, rules).ConfigureAwait(false);
        foreach (var wire in (await resources.ConfigureAwait(false)).Where(static r => r.Sid is not null).OrderBy(static r => r.Sid, StringComparer.Ordinal))
        {
            var resource = Read(wire, await states.ConfigureAwait(false), await rules.ConfigureAwait(false));
            if (id is null || resource.VmId == id) yield return resource;
        }
    }

    private async Task<IReadOnlyList<HaRuleWire>> ReadRulesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.Wire.GetAsync($"/cluster/ha/rules", ProxmoxJson.Default.HaRuleWireArray, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "ProxmoxUnsupported")
        {
            // Before 9.0.
            return [];
        }
    }

    private static HaResource Read(HaResourceWire wire, IReadOnlyList<HaStatusWire> states, IReadOnlyList<HaRuleWire> rules)
    {
        var state = states.FirstOrDefault(s => s.Type is "service" && s.Sid == wire.Sid);
        return new HaResource
        {
            Sid = wire.Sid!,
            VmId = wire.Sid!.Split(':') is [_, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
            State = state?.State ?? state?.CrmState ?? "",
            // Without a word it is to run.
            Wanted = state?.RequestState ?? wire.State ?? "started",
            Node = state?.Node ?? "",
            Rules = [.. rules.Where(r => r.Rule is not null && r.Disable is not true && Holds(r, wire.Sid!)).Select(static r => r.Rule!)],
            Group = string.IsNullOrEmpty(wire.Group) ? null : wire.Group,
            MaxRestart = (int)(wire.MaxRestart ?? 1),
            MaxRelocate = (int)(wire.MaxRelocate ?? 1),
            Comment = wire.Comment ?? "",
        };
    }

    private static bool Holds(HaRuleWire rule, string sid) =>
        (rule.Resources ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Contains(sid, StringComparer.Ordinal);
}
