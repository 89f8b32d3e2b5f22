namespace Homelab.Providers.Netdata;

internal static class NetdataNames
{
    /// <summary>The key under <c>providers:</c>, the alerts' source, and the first part of the operations' names.</summary>
    internal const string Provider = "netdata";

    internal const string Product = "Netdata";
}
