namespace Homelab;

/// <summary>A guest that the high-availability manager looks after.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/ha/resources</c>, <c>/cluster/ha/status/current</c>, and <c>/cluster/ha/rules</c>, which takes the place of groups since 9.0. The CLI's
/// <c>ha-manager status</c>, <c>ha-manager config</c>.
/// </remarks>
public sealed record HaResource
{
    /// <summary>Its service id: <c>vm:100</c>, <c>ct:101</c>.</summary>
    public required string Sid { get; init; }

    /// <summary>Its VMID; null when the service id has none.</summary>
    public int? VmId { get; init; }

    /// <summary>What it does now, in the manager's words: <c>started</c>, <c>stopped</c>, <c>recovery</c>, <c>fence</c>, <c>error</c>. Empty while the manager has not seen it.</summary>
    public string State { get; init; } = "";

    /// <summary>What it should do: <c>started</c>, <c>stopped</c>, <c>disabled</c>, <c>ignored</c>.</summary>
    public string Wanted { get; init; } = "";

    /// <summary>The node it is on; empty while the manager has not seen it.</summary>
    public string Node { get; init; } = "";

    /// <summary>The rules that hold for it. Before 9.0 there are none.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>The group it belongs to before 9.0; null later, and where it has none.</summary>
    public string? Group { get; init; }

    /// <summary>How often it is started anew on its node before it is moved.</summary>
    public int MaxRestart { get; init; } = 1;

    /// <summary>How often it is moved to another node before the manager gives up.</summary>
    public int MaxRelocate { get; init; } = 1;

    /// <summary>What was written to it.</summary>
    public string Comment { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Sid;
}
