using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using Homelab.Tests;

namespace Homelab.SystemTests.Network;

/// <summary>A host of its own at the other end of a cable: a network namespace behind a pair of virtual interfaces, whose link can be cut.</summary>
internal sealed class FarHost : IAsyncDisposable
{
    private const string Program = "ip";

    private static int s_count;

    private readonly string _name;
    private readonly string _near;

    private FarHost(string name, string near, string network)
    {
        _name = name;
        _near = near;
        Near = network + ".1";
        Address = network + ".2";
        // RFC 4193: nobody else's.
        var tail = network.Replace('.', ':')[4..];
        Near6 = $"fd00:{tail}::1";
        Address6 = $"fd00:{tail}::2";
    }

    /// <summary>Our end.</summary>
    internal string Near { get; }

    internal string Near6 { get; }

    /// <summary>The host's.</summary>
    internal string Address { get; }

    internal string Address6 { get; }

    /// <summary>Makes one, or skips the test with the reason.</summary>
    internal static async Task<FarHost> CreateAsync(CancellationToken cancellationToken)
    {
        // No peer that CI could install: whether a process may, its machine decides.
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Only root of a Linux machine makes network namespaces.");
        var number = Interlocked.Increment(ref s_count);
        var tag = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId % 10_000}x{number}");
        var host = new FarHost("hl-" + tag, "hlv" + tag, Network());
        var reason = await TryAsync(cancellationToken, "netns", "add", host._name);
        Assert.SkipWhen(reason is not null, $"Network namespaces cannot be made here: {reason}");
        try
        {
            await RunAsync(cancellationToken, "link", "add", host._near, "type", "veth", "peer", "name", "far", "netns", host._name);
            await RunAsync(cancellationToken, "addr", "add", host.Near + "/24", "dev", host._near);
            await RunAsync(cancellationToken, "-6", "addr", "add", host.Near6 + "/64", "dev", host._near, "nodad");
            await RunAsync(cancellationToken, "link", "set", host._near, "up");
            await host.InsideAsync(cancellationToken, "link", "set", "lo", "up");
            await host.InsideAsync(cancellationToken, "addr", "add", host.Address + "/24", "dev", "far");
            await host.InsideAsync(cancellationToken, "-6", "addr", "add", host.Address6 + "/64", "dev", "far", "nodad");
            await host.LinkAsync(up: true, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Pulls the cable out, or puts it in again.</summary>
    internal async Task LinkAsync(bool up, CancellationToken cancellationToken)
    {
        await InsideAsync(cancellationToken, "link", "set", "far", up ? "up" : "down");
        if (up) await ConnectedAsync(cancellationToken);
    }

    /// <summary>Makes the host throw its answers to us away, as a firewall that drops does; or lets it answer again.</summary>
    internal Task SwallowAsync(bool swallow, CancellationToken cancellationToken) => InsideAsync(cancellationToken, "route", swallow ? "add" : "del", "blackhole", Near + "/32");

    /// <summary>Makes the host keep silent on echoes, and on nothing else.</summary>
    internal Task IgnoreEchoesAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken, "netns", "exec", _name, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all");

    /// <summary>Lets this machine throw away what is sent to an address, until the result is disposed of.</summary>
    internal async Task<IAsyncDisposable> BlackholeAsync(string address, CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "route", "add", "blackhole", address + "/32");
        return new Blackhole(address);
    }

    /// <summary>Runs <c>ip</c> at the host.</summary>
    internal Task InsideAsync(CancellationToken cancellationToken, params string[] arguments) => RunAsync(cancellationToken, ["-n", _name, .. arguments]);

    public async ValueTask DisposeAsync() => await RunAsync(CancellationToken.None, "netns", "del", _name);

    // The kernel sees a moment later that there is somebody at the other end, and only then has its ways there.
    private Task ConnectedAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        "the link is up",
        async () => (await File.ReadAllTextAsync($"/sys/class/net/{_near}/operstate", cancellationToken)).Trim() == "up"
            && await TryAsync(cancellationToken, "route", "get", Address) is null
            && await TryAsync(cancellationToken, "-6", "route", "get", Address6) is null,
        cancellationToken);

    private static async Task RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        if (await TryAsync(cancellationToken, arguments) is { } reason) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {reason}");
    }

    // RFC 2544: the range for tests of networks, which no network uses; another run of these tests at the same time may use a part of it.
    private static string Network()
    {
        while (true)
        {
            var network = string.Create(CultureInfo.InvariantCulture, $"198.{RandomNumberGenerator.GetInt32(18, 20)}.{RandomNumberGenerator.GetInt32(256)}");
            var used = NetworkInterface.GetAllNetworkInterfaces().SelectMany(static i => i.GetIPProperties().UnicastAddresses).Any(a => a.Address.ToString().StartsWith(network + ".", StringComparison.Ordinal));
            if (!used) return network;
        }
    }

    private static async Task<string?> TryAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : errors.Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "the program ip is not installed: apt-get install iproute2";
        }
    }

    private sealed class Blackhole(string address) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await RunAsync(CancellationToken.None, "route", "del", "blackhole", address + "/32");
    }
}
