using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Adds a rule to a guest's firewall as the first, or changes one by its position. Verified by reading the rules back.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/firewall/rules</c>, or <c>PUT …/rules/{pos}</c>, with the digest of the rules that were looked at, so that nothing
/// that was changed between is overwritten. Needs VM.Config.Network.
/// </remarks>
[Operation("proxmox_set_firewall_rule", Level.Manage, Risk.Disrupt, Unattended = Requirement.Ask)]
[Description("Adds a rule to a Proxmox guest's firewall as the first, or changes the one at a position: action, protocol, ports, addresses, or whether it is switched on.")]
[Example("Set-HlVmFirewallRule dev -Direction In -Action ACCEPT -Protocol tcp -Port 443 -Source 192.168.1.0/24", "Let the home network reach a guest's web server.")]
[Example("Set-HlVmFirewallRule dev -Position 0 -Enabled $false", "Switch the first rule of a guest off.")]
public sealed class SetFirewallRule(ProxmoxCluster cluster) : Change<SetFirewallRule.Input, VmFirewallRule>
{
    /// <summary>Which rule, and what of it.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The position.</summary>
        [Description("The rule to change, by its position from 0 as proxmox_list_firewall_rules tells it. Without it a new rule is added, as the first."), Range(0, 9999)]
        public int? Position { get; init; }

        /// <summary>Which packets.</summary>
        [Description("Which packets it looks at: in, out, or group for the rules of a group. A new rule must have it.")]
        public FirewallDirection? Direction { get; init; }

        /// <summary>What it does.</summary>
        [Description("What it does with them: ACCEPT, DROP, REJECT, or the name of a group of rules. A new rule must have it."), RegularExpression("^[A-Za-z][A-Za-z0-9_-]{1,19}$")]
        public string? Action { get; init; }

        /// <summary>On or off.</summary>
        [Description("Whether it is switched on. A new rule is, unless this says otherwise.")]
        public bool? Enabled { get; init; }

        /// <summary>The service.</summary>
        [Description("The service it is about, in place of protocol and ports: SSH, HTTPS. Empty takes it away."), StringLength(128)]
        public string? Macro { get; init; }

        /// <summary>The protocol.</summary>
        [Description("The protocol: tcp, udp, icmp. Empty for any."), StringLength(32)]
        public string? Protocol { get; init; }

        /// <summary>Where from.</summary>
        [Description("Where packets come from: addresses, networks, ranges, +set, an alias. Empty for anywhere."), StringLength(512)]
        public string? Source { get; init; }

        /// <summary>Where to.</summary>
        [Description("Where packets go to: addresses, networks, ranges, +set, an alias. Empty for anywhere."), StringLength(512)]
        public string? Destination { get; init; }

        /// <summary>Ports they come from.</summary>
        [Description("Ports they come from: 1024:65535. Empty for any. Needs a protocol."), StringLength(128)]
        public string? SourcePort { get; init; }

        /// <summary>Ports they go to.</summary>
        [Description("Ports they go to: 80,443 or 8000:8010. Empty for any. Needs a protocol."), StringLength(128)]
        public string? Port { get; init; }

        /// <summary>The network device.</summary>
        [Description("The guest's network device: net0. Empty for all."), StringLength(20)]
        public string? Interface { get; init; }

        /// <summary>How loud.</summary>
        [Description("How loud packets that fit are logged, in syslog's words; noLog for not at all.")]
        public FirewallLog? Log { get; init; }

        /// <summary>A comment.</summary>
        [Description("What to write to it. Empty takes it away."), StringLength(512)]
        public string? Comment { get; init; }

        /// <summary>The digest.</summary>
        [Description("The digest of the rules as they were looked at; where they have changed since, nothing is done. Without it, that of the rules as they are now."), RegularExpression("^[0-9a-f]{1,64}$")]
        public string? Digest { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        var wish = new FirewallWish(input);
        return new Intent(input.Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"Change firewall rule {position} ({wish}) of guest") : $"Add firewall rule ({wish}) to guest", VmTarget.Of(input.Vm));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var wish = new FirewallWish(input);
        wish.Demand();
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        var rules = await new VmFirewall(cluster.Wire, vm).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (input.Position is { } position && rules.All(r => r.Position != position)) throw NotFound(vm, position, rules.Count);
        var digest = DigestOf(rules);
        if (input.Digest is { } looked && looked != digest) throw Changed(vm);
        // Where there are no rules there is no digest.
        var canonical = input with { Vm = new VmRef(vm), Digest = digest.Length > 0 ? digest : null };
        return VmTarget.Prepare(vm, canonical) with { Mark = digest };
    }

    /// <inheritdoc/>
    protected override async Task<VmFirewallRule> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var activity = $"Setting a firewall rule of {input.Vm.Label}";
        var wish = new FirewallWish(input);
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var firewall = new VmFirewall(cluster.Wire, vm);
        var before = await firewall.ReadAsync(cancellationToken).ConfigureAwait(false);
        if ((input.Digest ?? "") != DigestOf(before)) throw Changed(vm);
        // A new rule becomes the first.
        var position = input.Position ?? 0;
        if (input.Position is not null && before.FirstOrDefault(r => r.Position == position) is { } same && wish.Fits(same)) return same;

        context.Report(activity, "asking Proxmox");
        if (input.Position is null) await firewall.AddAsync(wish.ToForm(), cancellationToken).ConfigureAwait(false);
        else await firewall.SetAsync(position, wish.ToForm(), cancellationToken).ConfigureAwait(false);
        context.SayActed();

        var after = await firewall.ReadAsync(cancellationToken).ConfigureAwait(false);
        var isThere = after.Count == before.Count + (input.Position is null ? 1 : 0);
        if (!isThere || after.FirstOrDefault(r => r.Position == position) is not { } seen || !wish.Fits(seen)) throw NotAsWanted(vm, position);
        if (seen.Ineffective.Length > 0) context.Report(activity, $"it is there, and has no effect: {seen.Ineffective}");
        return seen;
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var now = await new VmFirewall(cluster.Wire, vm).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (DigestOf(now) == mark) return Settlement.DidNotHappen;
        return now.FirstOrDefault(r => r.Position == (input.Position ?? 0)) is { } rule && new FirewallWish(input).Fits(rule) ? Settlement.Happened : Settlement.Unknown;
    }

    private static string DigestOf(IReadOnlyList<VmFirewallRule> rules) => rules.Count > 0 ? rules[0].Digest : "";

    private static HomelabException NotFound(Vm vm, int position, int count) => new(
        ErrorKind.NotFound,
        "FirewallRuleNotFound",
        string.Create(CultureInfo.InvariantCulture, $"Guest {vm} has no firewall rule at position {position}: it has {count}, counted from 0. Get-HlVmFirewallRule {vm.Id} lists them; without -Position a new one is added."),
        vm.ToString())
    { NothingHappened = true };

    private static HomelabException Changed(Vm vm) => new(
        ErrorKind.Conflict,
        "FirewallChanged",
        string.Create(CultureInfo.InvariantCulture, $"The firewall rules of guest {vm} have changed since they were looked at, and positions with them. Look again with Get-HlVmFirewallRule {vm.Id}, then ask anew."),
        vm.ToString())
    { NothingHappened = true };

    private static HomelabException NotAsWanted(Vm vm, int position) => new(
        ErrorKind.Failed,
        "FirewallRuleNotAsWanted",
        string.Create(CultureInfo.InvariantCulture, $"Proxmox took the firewall rule of guest {vm}, but at position {position} there is not what was asked for. Something else may change it at the same time: look with Get-HlVmFirewallRule {vm.Id}."),
        vm.ToString());
}
