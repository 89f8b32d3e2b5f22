namespace Homelab.Providers.Proxmox;

/// <summary>A whole answer of one node.</summary>
/// <param name="Status">The HTTP status; Proxmox has its own above 590.</param>
/// <param name="Reason">The reason phrase, in which Proxmox puts the first line of its message.</param>
/// <param name="MediaType">Such as <c>application/json</c>; null where nothing was said.</param>
/// <param name="Body">What it said.</param>
internal sealed record ProxmoxAnswer(int Status, string Reason, string? MediaType, ReadOnlyMemory<byte> Body)
{
    internal bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True when another node, or the same a moment later, may know better.</summary>
    internal bool IsPassing => Status is 502 or 503 or 504 or 595 or 596;
}
