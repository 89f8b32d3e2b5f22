namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What the requests of a recording found when they were sent.</summary>
internal static class RecordedWorld
{
    /// <summary>What most of the recorded requests show: a token of root that has all its rights.</summary>
    internal const string Authorization = "PVEAPIToken=root@pam!lab=" + Secret;

    /// <summary>The recorded token's secret, made up by those who recorded.</summary>
    internal const string Secret = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
}
