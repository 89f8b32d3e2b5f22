namespace Homelab.Providers.OpnSense;

internal static class OpnSenseNames
{
    /// <summary>The key under <c>providers:</c>, and the first part of the operations' names.</summary>
    internal const string Provider = "opnsense";

    /// <summary>What it is called in messages, and what the ids of its errors begin with.</summary>
    internal const string Product = "OPNsense";

    /// <summary>What the ids of its errors begin with.</summary>
    internal const string Prefix = "OpnSense";
}
