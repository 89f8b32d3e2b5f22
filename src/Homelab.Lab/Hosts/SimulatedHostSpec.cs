namespace Homelab.Lab.Hosts;

/// <summary>What a simulated host is made from.</summary>
public sealed record SimulatedHostSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its system, as <c>/etc/os-release</c> has it: <c>ID</c>, <c>VERSION_ID</c>, <c>PRETTY_NAME</c>.</summary>
    public (string Id, string Version, string Pretty) Os { get; init; } = ("debian", "13", "Debian GNU/Linux 13 (trixie)");

    /// <summary>Its kernel.</summary>
    public string Kernel { get; init; } = "6.12.48+deb13-amd64";

    /// <summary>Who made it, and what it is.</summary>
    public IReadOnlyList<string> Model { get; init; } = ["QEMU", "Standard PC (Q35 + ICH9, 2009)"];

    /// <summary>On what it runs: <c>kvm</c>; <c>none</c> for a machine of its own.</summary>
    public string Virtualization { get; init; } = "kvm";

    /// <summary>Its processors.</summary>
    public int Cpus { get; init; } = 4;

    /// <summary>Its memory, in bytes.</summary>
    public long Memory { get; init; } = 8L << 30;

    /// <summary>Its swap, in bytes.</summary>
    public long Swap { get; init; } = 2L << 30;

    /// <summary>How large its root is, in bytes.</summary>
    public long Disk { get; init; } = 64L << 30;

    /// <summary>How long it takes from the wish to restart until it can be logged in to again.</summary>
    public TimeSpan BootTakes { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it has been up when it is made.</summary>
    public TimeSpan Up { get; init; } = TimeSpan.FromDays(12);
}

/// <summary>An update that a simulated host knows of.</summary>
/// <param name="Package">The package.</param>
/// <param name="Installed">The version that is there.</param>
/// <param name="Available">The version that there is.</param>
/// <param name="Origin">Where from: <c>Debian-Security:13/stable-security</c>.</param>
public sealed record SimulatedPackageUpdate(string Package, string Installed, string Available, string Origin);
