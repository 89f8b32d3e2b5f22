namespace Homelab;

/// <summary>A package of a host for which a newer version is known there.</summary>
/// <remarks>
/// <c>apt-get -s dist-upgrade</c>, <c>dnf check-update</c>, <c>apk list --upgradable</c>, <c>zypper list-updates</c>, <c>pacman -Qu</c> or <c>opkg list-upgradable</c>: what the
/// host knew when it last fetched its lists. Nothing is fetched, nothing is changed.
/// </remarks>
public sealed record HostUpdate
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The package.</summary>
    public required string Package { get; init; }

    /// <summary>The version that is installed; empty where the tool does not tell, and of a package that comes new.</summary>
    public string Installed { get; init; } = "";

    /// <summary>The version that would be installed.</summary>
    public required string Available { get; init; }

    /// <summary>What it is built for: <c>amd64</c>, <c>noarch</c>. Empty where the tool does not tell.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Where it comes from, as the tool says it: <c>Debian-Security:12/stable-security</c>, <c>updates</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>True when it mends a hole in security; null where the tool cannot tell.</summary>
    public bool? Security { get; init; }

    /// <summary>Who told: <c>apt</c>, <c>dnf</c>, <c>apk</c>, <c>zypper</c>, <c>pacman</c>, <c>opkg</c>.</summary>
    public required string Tool { get; init; }

    /// <summary>When the host last fetched its lists, by its own clock; null where that cannot be told.</summary>
    public DateTimeOffset? ListsAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Package} {Available}";
}
