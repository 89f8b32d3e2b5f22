namespace Homelab.Providers.UptimeKuma;

internal static class KumaNames
{
    /// <summary>The key under <c>providers:</c>, the alerts' source, and the first part of the operations' names.</summary>
    internal const string Provider = "kuma";
}
