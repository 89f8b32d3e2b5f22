namespace Homelab.Providers.Proxmox;

/// <summary>How Proxmox lets guests be called.</summary>
internal static class VmNames
{
    /// <summary>A name of DNS.</summary>
    internal const string Pattern = @"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$";
}
