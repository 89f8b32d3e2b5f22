namespace Homelab.Providers.Proxmox;

/// <summary>What Proxmox answered in place of doing or telling what it was asked, in parts that an operation can say better.</summary>
internal sealed class ProxmoxRefusal(ErrorKind kind, string id, string message, string target) : HomelabException(kind, id, message, target)
{
    /// <summary>The HTTP status.</summary>
    internal required int Status { get; init; }

    /// <summary>Its own words, one line.</summary>
    internal required string Said { get; init; }

    /// <summary>What it objects to, by parameter.</summary>
    internal IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The privilege that is missing; several, any of which would do, are joined by <c>|</c>. Null when it is not about one.</summary>
    internal string? Privilege { get; init; }

    /// <summary>Where the privilege is missing: <c>/vms/100</c>. Null when it is not said.</summary>
    internal string? Path { get; init; }
}
