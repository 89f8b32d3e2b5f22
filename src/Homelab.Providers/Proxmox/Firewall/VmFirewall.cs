namespace Homelab.Providers.Proxmox;

/// <summary>The firewall of one guest.</summary>
internal sealed class VmFirewall(ProxmoxWire wire, Vm vm)
{
    private readonly VmPlace _place = VmPlace.Of(vm);

    /// <summary>The rules as they are now, in their order.</summary>
    internal async Task<IReadOnlyList<VmFirewallRule>> ReadAsync(CancellationToken cancellationToken)
    {
        var rules = wire.GetAsync($"/nodes/{_place.Node}/{_place.Word}/{_place.Id}/firewall/rules", ProxmoxJson.Default.FirewallRuleWireArray, cancellationToken);
        var off = ReadOffAsync(cancellationToken);
        await Task.WhenAll(rules, off).ConfigureAwait(false);
        var why = await off.ConfigureAwait(false);
        return [.. (await rules.ConfigureAwait(false)).Select((r, index) => Read(r, index, why)).OrderBy(static r => r.Position)];
    }

    /// <summary>Adds a rule as the first.</summary>
    internal Task AddAsync(ProxmoxForm rule, CancellationToken cancellationToken) =>
        wire.ChangeAsync(HttpMethod.Post, $"/nodes/{_place.Node}/{_place.Word}/{_place.Id}/firewall/rules", rule, cancellationToken);

    /// <summary>Changes the rule at a place.</summary>
    internal Task SetAsync(int position, ProxmoxForm rule, CancellationToken cancellationToken) =>
        wire.ChangeAsync(HttpMethod.Put, $"/nodes/{_place.Node}/{_place.Word}/{_place.Id}/firewall/rules/{position}", rule, cancellationToken);

    // Why no rule has any effect; empty when they have.
    private async Task<string> ReadOffAsync(CancellationToken cancellationToken)
    {
        var own = await wire.GetAsync($"/nodes/{_place.Node}/{_place.Word}/{_place.Id}/firewall/options", ProxmoxJson.Default.FirewallOptionsWire, cancellationToken).ConfigureAwait(false);
        if (own.Enabled is not true) return "the firewall of the guest is off";
        try
        {
            var all = await wire.GetAsync($"/cluster/firewall/options", ProxmoxJson.Default.FirewallOptionsWire, cancellationToken).ConfigureAwait(false);
            return all.Enabled is true ? "" : "the firewall of the whole cluster is off";
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            return "whether the firewall of the whole cluster is on may not be read: Sys.Audit on / is missing";
        }
    }

    private VmFirewallRule Read(FirewallRuleWire rule, int index, string off) => new()
    {
        Vm = new VmRef(vm),
        Position = (int)(rule.Position ?? index),
        Direction = DirectionOf(rule.Type),
        Action = rule.Action ?? "",
        // What is not said to be on is off.
        Enabled = rule.Enabled ?? false,
        Ineffective = rule.Enabled is true ? off : "it is switched off",
        Macro = rule.Macro ?? "",
        Protocol = rule.Protocol ?? "",
        Source = rule.Source ?? "",
        Destination = rule.Destination ?? "",
        SourcePort = rule.SourcePort ?? "",
        Port = rule.Port ?? "",
        Interface = rule.Interface ?? "",
        Log = rule.Log ?? "",
        Comment = rule.Comment ?? "",
        Digest = rule.Digest ?? "",
    };

    private static FirewallDirection DirectionOf(string? type) => type switch
    {
        "in" => FirewallDirection.In,
        "out" => FirewallDirection.Out,
        "forward" => FirewallDirection.Forward,
        "group" => FirewallDirection.Group,
        _ => FirewallDirection.Unknown,
    };
}
