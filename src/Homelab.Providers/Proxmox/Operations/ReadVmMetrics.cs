using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells what a guest used over the last hour, day, week, month or year.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/rrddata?timeframe=&amp;cf=</c>. Needs VM.Audit. The node that a guest is on keeps its figures: after a
/// migration they begin anew.
/// </remarks>
[Operation("proxmox_vm_metrics", Level.Monitor, Risk.Read)]
[Description("Tells what a guest of Proxmox used over the last hour, day, week, month or year: processor, memory, disk, network, point by point. A figure is absent where nothing was recorded.")]
[Example("Get-HlVmMetric dev", "Show the last hour, a point a minute.")]
[Example("Get-HlVmMetric dev -Timeframe Week -Function Max | Measure-Object Cpu -Maximum", "Find the highest use of the processor within a week.")]
public sealed class ReadVmMetrics(ProxmoxCluster cluster) : Query<ReadVmMetrics.Input, VmMetric>
{
    /// <summary>Which guest, and which time.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How far back.</summary>
        [Description("How far back: hour, day, week, month or year. The longer, the coarser.")]
        public MetricTimeframe Timeframe { get; init; } = MetricTimeframe.Hour;

        /// <summary>What stands for a span.</summary>
        [Description("What stands for each span of time: average or max.")]
        public MetricFunction Function { get; init; } = MetricFunction.Average;
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read guest metrics", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmMetric> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var reference = new VmRef(vm);
        var query = new ProxmoxForm { { "timeframe", HomelabNames.Of(input.Timeframe) }, { "cf", input.Function == MetricFunction.Max ? "MAX" : "AVERAGE" } };
        var points = await cluster.Wire.GetAsync($"/nodes/{place.Node}/{place.Word}/{place.Id}/rrddata", query, ProxmoxJson.Default.MetricWireArray, cancellationToken).ConfigureAwait(false);
        foreach (var point in points.Where(static p => p.Time is not null).OrderBy(static p => p.Time)) yield return Read(reference, point);
    }

    private static VmMetric Read(VmRef vm, MetricWire wire) => new()
    {
        Vm = vm,
        Time = DateTimeOffset.FromUnixTimeSeconds(wire.Time!.Value),
        Cpu = wire.Cpu,
        MaxCpu = wire.MaxCpu,
        Memory = wire.Memory,
        MaxMemory = wire.MaxMemory,
        Disk = wire.Disk,
        MaxDisk = wire.MaxDisk,
        NetworkIn = wire.NetworkIn,
        NetworkOut = wire.NetworkOut,
        DiskRead = wire.DiskRead,
        DiskWrite = wire.DiskWrite,
    };
}
