namespace Homelab.Providers.TrueNas;

internal static class TrueNasNames
{
    /// <summary>The key under <c>providers:</c>, and the first part of the operations' names.</summary>
    internal const string Provider = "truenas";

    /// <summary>What it is called in messages.</summary>
    internal const string Product = "TrueNAS";

    /// <summary>What the ids of its errors begin with.</summary>
    internal const string Prefix = "TrueNas";
}
