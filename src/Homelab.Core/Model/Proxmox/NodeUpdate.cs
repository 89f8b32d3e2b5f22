namespace Homelab;

/// <summary>A package of a node for which a newer version is known.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/apt/update</c>: what the node knew when it last asked its repositories, once a day by itself. Whether an update mends a hole in
/// security is not told: Proxmox says of both Debian's archives that they are Debian.
/// </remarks>
public sealed record NodeUpdate
{
    /// <summary>The node.</summary>
    public required string Node { get; init; }

    /// <summary>The package.</summary>
    public required string Package { get; init; }

    /// <summary>The version that is installed; empty of a package that comes new.</summary>
    public string OldVersion { get; init; } = "";

    /// <summary>The version that would be installed.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whose package it is: <c>Debian</c>, <c>Proxmox</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The archive's section: <c>kernel</c>, <c>admin</c>.</summary>
    public string Section { get; init; } = "";

    /// <summary>Its priority: <c>optional</c>, <c>important</c>.</summary>
    public string Priority { get; init; } = "";

    /// <summary>What it is, in a few words.</summary>
    public string Title { get; init; } = "";

    /// <summary>True when the node runs the new version only after it was restarted: a kernel.</summary>
    public bool NeedsReboot { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Package} {Version}";
}
