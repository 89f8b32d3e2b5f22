namespace Homelab.Providers.UptimeKuma;

/// <summary>What several operations say alike.</summary>
internal static class KumaErrors
{
    /// <summary>The connection of a logged-in user, without which these operations can do nothing.</summary>
    internal static KumaLink Need(KumaLink? link) => link ?? throw new HomelabException(
        ErrorKind.NotFound,
        "KumaLoginNotConfigured",
        "The lab file gives no login of Uptime Kuma, and its API key can only read the monitors' state. Give providers: kuma: url, user and password.",
        KumaNames.Provider);
}
