namespace Homelab.Providers.UptimeKuma;

internal static class KumaNames
{
    /// <summary>The key under <c>providers:</c>, the alerts' source, and the first part of the operations' names.</summary>
    internal const string Provider = "kuma";

    /// <summary>What it is called in messages.</summary>
    internal const string Product = "Uptime Kuma";

    /// <summary>What the ids of its errors begin with.</summary>
    internal const string Prefix = "Kuma";
}
