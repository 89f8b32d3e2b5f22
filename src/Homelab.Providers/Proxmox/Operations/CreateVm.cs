using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Proxmox;

/// <summary>Makes a new guest: a virtual machine with an empty disk, or a container from a template.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/nextid</c>, <c>POST /nodes/{node}/qemu</c> or <c>POST /nodes/{node}/lxc</c>, its task, then <c>status/current</c>. Needs VM.Allocate on the VMID or
/// the pool, Datastore.AllocateSpace on the storage and SDN.Use on the bridge. The CLI's <c>qm create</c>, <c>pct create</c>.
/// </remarks>
[Operation("proxmox_create_vm", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Aliases = ["create_vm"], Patience = "24h")]
[Description("Makes a new guest of Proxmox and waits until it is there: a virtual machine with an empty disk and a disc to install from, or a container from a template. To make one from a template of virtual machines, clone it.")]
[Example("New-HlVm web-2 -Storage fast -Disk 32GiB -Memory 4GiB -Core 2 -Iso local:iso/debian-13.iso", "Make a virtual machine that can be installed from a disc.")]
[Example("New-HlVm dns-2 -Kind lxc -Template local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst -Storage fast -Ip dhcp -SshKey (Get-Content ~/.ssh/id_ed25519.pub) -Start", "Make a container and start it.")]
public sealed class CreateVm(ProxmoxCluster cluster) : Change<CreateVm.Input, VmDetail>
{
    /// <summary>What to make.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, Description("Its name: letters, digits, - and dots."), RegularExpression(VmNames.Pattern), StringLength(253)]
        public required string Name { get; init; }

        /// <summary>The kind.</summary>
        [Description("A virtual machine (qemu) or a container (lxc).")]
        public VmKind Kind { get; init; } = VmKind.Qemu;

        /// <summary>The VMID.</summary>
        [Description("Its VMID. The next free one when not given."), Range(VmDraft.SmallestId, VmDraft.LargestId)]
        public int? Id { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("The node to make it on. Can be left out where there is only one.")]
        public string? Node { get; init; }

        /// <summary>The storage.</summary>
        [NameOf("storage"), Description("The storage for its disk.")]
        public required string Storage { get; init; }

        /// <summary>The size of the disk.</summary>
        [Bytes, Description("The size of its disk."), Range(VmDraft.SmallestDisk, VmDraft.LargestDisk)]
        public long Disk { get; init; } = 32L << 30;

        /// <summary>The memory.</summary>
        [Bytes, Description("Its memory; whole MiB."), Range(VmDraft.SmallestMemory, VmDraft.LargestMemory)]
        public long Memory { get; init; } = 2L << 30;

        /// <summary>The processors.</summary>
        [Description("How many processor cores it may use."), Range(1, 512)]
        public int Core { get; init; } = 2;

        /// <summary>The bridge.</summary>
        [Description("The bridge of its network card, or none for a guest without one.")]
        public string Bridge { get; init; } = "vmbr0";

        /// <summary>The VLAN.</summary>
        [Description("The VLAN of its network card."), Range(1, 4094)]
        public int? Vlan { get; init; }

        /// <summary>The disc to install from.</summary>
        [Description("For a virtual machine: the image of a disc to install from, such as local:iso/debian-13.iso.")]
        public string? Iso { get; init; }

        /// <summary>The template.</summary>
        [Description("For a container, which needs one: its template, such as local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst.")]
        public string? Template { get; init; }

        /// <summary>The kind of system.</summary>
        [Description("The kind of system: l26 for Linux (virtual machines), win11, win10, other; debian, alpine, … for containers, which know it from their template.")]
        public string? OsType { get; init; }

        /// <summary>The account of cloud-init.</summary>
        [Description("For a virtual machine whose system knows cloud-init: the name of the account.")]
        public string? User { get; init; }

        /// <summary>The password.</summary>
        [Description("The password of the account, of root in a container, as a secret reference: env:NAME, file:path or vault:name.")]
        public SecretReference? Password { get; init; }

        /// <summary>Public SSH keys.</summary>
        [Description("Public SSH keys that may log in.")]
        public IReadOnlyList<string> SshKey { get; init; } = [];

        /// <summary>The address.</summary>
        [Description("Its IPv4 address with prefix, such as 192.168.1.20/24, or dhcp. For a virtual machine by cloud-init.")]
        public string? Ip { get; init; }

        /// <summary>The gateway.</summary>
        [Description("Its IPv4 gateway, where the address is not from DHCP.")]
        public string? Gateway { get; init; }

        /// <summary>Tags.</summary>
        [Description("Its tags.")]
        public IReadOnlyList<string> Tag { get; init; } = [];

        /// <summary>The pool.</summary>
        [Description("The pool that it belongs to.")]
        public string? Pool { get; init; }

        /// <summary>What it is for.</summary>
        [Description("What it is for."), StringLength(8192)]
        public string? Description { get; init; }

        /// <summary>Starts with its node.</summary>
        [Description("Start it whenever its node starts.")]
        public bool OnBoot { get; init; }

        /// <summary>A container with the node's own root.</summary>
        [Description("For a container: let its root be the node's root. A break-out then owns the node.")]
        public bool Privileged { get; init; }

        /// <summary>Starts it.</summary>
        [Description("Start it afterwards.")]
        public bool Start { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(input.Kind == VmKind.Qemu ? "Make virtual machine" : "Make container", new Target("vm", input.Name, input.Node));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        VmDraft.Check(input);
        var ids = new VmIds(cluster);
        await ids.CheckNameAsync(input.Name, cancellationToken).ConfigureAwait(false);
        var node = input.Node ?? await ids.OnlyNodeAsync(cancellationToken).ConfigureAwait(false);
        var id = await ids.ChooseAsync(input.Id, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Node = node }, new PlaceMark(new VmPlace(node, input.Kind, id)).ToString());
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var place = PlaceMark.Of(context).Place;
        var password = input.Password is { } reference ? await cluster.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false) : null;
        var form = input.Kind == VmKind.Qemu ? VmDraft.OfMachine(input, place.Id, password) : VmDraft.OfContainer(input, place.Id, password);
        var course = new TaskCourse($"Making {input.Name}", input.Timeout, input.NoWait);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{place.Node}/{place.Word}", form, course, cancellationToken).ConfigureAwait(false);
        if (input.NoWait || !input.Start) return await new VmIds(cluster).ReadMadeAsync(place, input.Name, task, input.NoWait, cancellationToken).ConfigureAwait(false);

        // The start is a task of its own, which nobody names to us.
        var left = input.Timeout - context.Time.GetElapsedTime(began);
        var up = new VmCourse(course.Activity, "running", static v => v.State == VmState.Running, left > TimeSpan.Zero ? left : TimeSpan.Zero, NoWait: false);
        return await new VmChange(cluster, context).EndAsync(place, upid: null, up, cancellationToken).ConfigureAwait(false) with { Task = task };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { Place: var place }) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(place, () => new VmIds(cluster).IsMadeAsync(place, input.Name, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
