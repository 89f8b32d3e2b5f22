namespace Homelab.Providers.Alertmanager;

internal static class AlertmanagerNames
{
    /// <summary>The key under <c>providers:</c>, and the first part of the operations' names.</summary>
    internal const string Provider = "alertmanager";

    /// <summary>What it is called in messages, and what the ids of its errors begin with.</summary>
    internal const string Product = "Alertmanager";
}
