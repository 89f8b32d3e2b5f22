using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Changes a guest's configuration, and tells what holds at once and what waits for its next start.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/config</c> and its task, <c>PUT /nodes/{node}/lxc/{vmid}/config</c>, with the digest of what was read before, then
/// <c>/pending</c>. Needs VM.Config.Memory, VM.Config.CPU or VM.Config.Options as the change is. The CLI's <c>qm set</c>, <c>pct set</c>.
/// </remarks>
[Operation("proxmox_set_vm", Level.Manage, Risk.Disrupt, Unattended = Requirement.Ask)]
[Description("Changes the configuration of a guest of Proxmox: memory, processors, name, description, tags, start at boot, protection. What it cannot take while it runs waits for its next start and is told as pending.")]
[Example("Set-HlVm dev -Memory 4GiB -Core 2 -PassThru", "Give one guest more, and see what waits for its next start.")]
[Example("Get-HlVm -Tag web | Set-HlVm -AddTag prod -RemoveTag test -OnBoot $true", "Change the tags of several, and start them with their nodes.")]
public sealed class SetVm(ProxmoxCluster cluster) : Change<SetVm.Input, VmConfig>
{
    /// <summary>What to change.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>Its memory.</summary>
        [Bytes, Description("The memory it may use, in whole MiB: 4GiB.")]
        public long? Memory { get; init; }

        /// <summary>Its cores.</summary>
        [Description("Its processor cores; of a virtual machine for each socket."), Range(1, 8192)]
        public int? Core { get; init; }

        /// <summary>Its sockets.</summary>
        [Description("The processor sockets of a virtual machine."), Range(1, 64)]
        public int? Socket { get; init; }

        /// <summary>Its limit of processor time.</summary>
        [Description("How many processors' time it may use, such as 1.5. 0 for no limit."), Range(0.0, 8192.0)]
        public double? CpuLimit { get; init; }

        /// <summary>What ballooning leaves it.</summary>
        [Bytes, Description("The memory that ballooning may take a virtual machine down to, in whole MiB. 0 switches ballooning off.")]
        public long? Balloon { get; init; }

        /// <summary>Its swap.</summary>
        [Bytes, Description("The swap that a container may use, in whole MiB.")]
        public long? Swap { get; init; }

        /// <summary>Its new name.</summary>
        [Description("Its new name, as DNS allows it: letters, digits, hyphens and dots."), RegularExpression(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$")]
        public string? Name { get; init; }

        /// <summary>What to write about it.</summary>
        [Description("What to write about it, in Markdown. An empty text takes it away."), StringLength(8192)]
        public string? Description { get; init; }

        /// <summary>Its tags, all of them.</summary>
        [Description("Its tags from now on, in place of those it has. An empty list takes all away.")]
        public IReadOnlyList<string>? Tag { get; init; }

        /// <summary>Further tags.</summary>
        [Description("Tags to add to those it has.")]
        public IReadOnlyList<string>? AddTag { get; init; }

        /// <summary>Tags it loses.</summary>
        [Description("Tags to take away.")]
        public IReadOnlyList<string>? RemoveTag { get; init; }

        /// <summary>Starts with its node.</summary>
        [Description("True to start it with its node, false not to.")]
        public bool? OnBoot { get; init; }

        /// <summary>Cannot be deleted.</summary>
        [Description("True to make Proxmox refuse to delete it and its disks, false to allow it.")]
        public bool? Protection { get; init; }

        /// <summary>What the configuration must still be.</summary>
        [Description("The digest that the configuration was shown with: nothing is changed when the configuration has changed since.")]
        public string? Digest { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take; memory that is added while a guest runs takes a moment."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Change guest ({VmWish.Describe(input)})", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, VmHibernation.Lock, cancellationToken).ConfigureAwait(false);
        var settings = await new VmConfigs(cluster).ReadAsync(VmPlace.Of(vm), cancellationToken).ConfigureAwait(false);
        if (input.Digest is { Length: > 0 } expected) DemandUnchanged(vm, settings, expected);
        _ = VmWish.Of(input, vm, settings);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = settings.Digest, World = $"settings {settings.Digest}" };
    }

    /// <inheritdoc/>
    protected override async Task<VmConfig> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var configs = new VmConfigs(cluster);
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var before = await configs.ReadAsync(place, cancellationToken).ConfigureAwait(false);
        // It was decided on what was seen then.
        if (context.Mark is { Length: > 0 } seen) DemandUnchanged(vm, before, seen);
        var wish = VmWish.Of(input, vm, before);
        if (wish.IsGranted(before)) return VmConfigReader.Read(input.Vm, vm.Kind, before);

        var activity = $"Changing {input.Vm.Label}";
        context.Report(activity, "asking Proxmox");
        // Of virtual machines Proxmox would rather have it asked for as a task: memory that is plugged in while it runs outlasts a call.
        var method = vm.Kind == VmKind.Qemu ? HttpMethod.Post : HttpMethod.Put;
        var upid = await cluster.Wire.ChangeAsync(method, $"/nodes/{place.Node}/{place.Word}/{place.Id}/config", wish.ToForm(before), cancellationToken).ConfigureAwait(false);
        context.SayActed();
        if (upid is not null) await cluster.Tasks.FollowAsync(new TaskRef(upid), activity, context, input.Timeout, cancellationToken).ConfigureAwait(false);

        var after = await configs.ReadAsync(place, cancellationToken).ConfigureAwait(false);
        if (!wish.IsGranted(after)) throw wish.NotGranted(vm, after);
        // Not the name it was asked for by: that may be what has changed.
        return VmConfigReader.Read(new VmRef(vm with { Name = after.Now.GetValueOrDefault(VmWish.NameKey(vm.Kind)) ?? vm.Name }), vm.Kind, after);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        // By its VMID alone: its name may be what has changed.
        if (input.Vm is not { Id: { } id, Node: { } node }) return Settlement.Unknown;
        var vm = await cluster.Vms.FindAsync(new VmRef(string.Create(CultureInfo.InvariantCulture, $"{node}/{id}")), cancellationToken).ConfigureAwait(false);
        // In this order: a task that ends in between is seen by what it did.
        var isBusy = await new VmChange(cluster, context).IsBusyAsync(VmPlace.Of(vm), cancellationToken).ConfigureAwait(false);
        var now = await new VmConfigs(cluster).ReadAsync(VmPlace.Of(vm), cancellationToken).ConfigureAwait(false);
        if (VmWish.Of(input, vm, now).IsGranted(now)) return Settlement.Happened;
        return !isBusy && now.Digest == mark ? Settlement.DidNotHappen : Settlement.Unknown;
    }

    private static void DemandUnchanged(Vm vm, VmSettings settings, string digest)
    {
        if (string.Equals(settings.Digest, digest, StringComparison.Ordinal)) return;
        throw new HomelabException(ErrorKind.Conflict, "VmConfigChanged", $"The configuration of guest {vm} has changed in the meantime: its digest is {settings.Digest} and not {ForeignText.Clean(digest, 60)}. Look at it anew (Get-HlVmConfig {vm.Id}), then ask again.", vm.ToString()) { NothingHappened = true };
    }
}
