namespace Homelab.Lab.Proxmox;

/// <summary>A request that a simulated node received.</summary>
/// <param name="Node">The node that it was sent to.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below <c>/api2/json</c>, decoded: <c>/nodes/pve/qemu/100/status/start</c>.</param>
/// <param name="Query">The query with its question mark, or empty.</param>
/// <param name="Fields">What its body said, passwords masked.</param>
/// <param name="User">Who asked: <c>root@pam!lab</c>; null before anybody was recognized.</param>
public sealed record ProxmoxRequest(string Node, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Fields, string? User)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}{Query}";
}
