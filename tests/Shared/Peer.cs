using Xunit;

namespace Homelab.Tests;

/// <summary>A real server that a test needs. Missing, it skips with its reason; where CI has installed it, it fails.</summary>
public static class Peer
{
    /// <summary>The variable that names the peers that must be there: <c>dockerd sshd dnsmasq named unbound openssl systemd</c>.</summary>
    public const string Required = "HOMELAB_REQUIRE_PEERS";

    /// <summary>Goes on where the peer is there.</summary>
    /// <param name="name">The peer's program.</param>
    /// <param name="missing">Why it is not there; null when it is.</param>
    public static void Require(string name, string? missing)
    {
        if (missing is null) return;
        var required = (Environment.GetEnvironmentVariable(Required) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (required.Contains(name, StringComparer.Ordinal)) Assert.Fail($"{name} was installed for these tests and cannot be used: {missing}.");
        Assert.Skip(missing);
    }
}
