using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Homelab.Composition;

/// <summary>Finds out what this program itself runs on, so that it is not cut off by its own hand.</summary>
internal static partial class SelfIdentity
{
    /// <summary>Target patterns: our container's id, and the lab's host that has one of our addresses or our name.</summary>
    internal static IReadOnlyList<string> Patterns(LabDefinition lab)
    {
        var patterns = new List<string>();
        if (ContainerId() is { } id) patterns.Add(id);
        var ours = Addresses();
        foreach (var (name, host) in lab.Hosts)
        {
            if (string.Equals(name, Environment.MachineName, StringComparison.OrdinalIgnoreCase) || ours.Contains(host.Address)) patterns.Add($"host:{name}");
        }

        return patterns;
    }

    // Within a container, the engine mounts files from /…/containers/<id>/ into /etc; outside, no such line exists.
    private static string? ContainerId()
    {
        const string Mounts = "/proc/self/mountinfo";
        return File.Exists(Mounts) ? ContainerIdIn(File.ReadLines(Mounts)) : null;
    }

    internal static string? ContainerIdIn(IEnumerable<string> mounts) =>
        mounts.Select(line => IdPattern().Match(line)).FirstOrDefault(m => m.Success)?.Groups["id"].Value;

    private static HashSet<string> Addresses()
    {
        var addresses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var unicast in network.GetIPProperties().UnicastAddresses)
            {
                // Loopback stands for every machine at once, so it identifies none.
                if (unicast.Address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(unicast.Address)) addresses.Add(unicast.Address.ToString());
            }
        }

        return addresses;
    }

    [GeneratedRegex("/containers/(?<id>[0-9a-f]{64})/(hostname|hosts|resolv)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
