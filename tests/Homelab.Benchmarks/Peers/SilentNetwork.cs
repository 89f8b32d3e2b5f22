using System.Diagnostics;
using System.Globalization;

namespace Homelab.Benchmarks.Peers;

/// <summary>A network of its own at the other end of a pair of virtual interfaces: its first hosts answer, and behind the other addresses there is nobody.</summary>
internal sealed class SilentNetwork : IAsyncDisposable
{
    private const string Program = "ip";

    // RFC 2544: the range for tests of networks, which no network uses.
    private const string Network = "198.18.77";

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"hl-sweep-{Environment.ProcessId}");

    private SilentNetwork()
    {
    }

    /// <summary>Why there can be none here; null where there can.</summary>
    internal static string? Missing => !OperatingSystem.IsLinux() || Environment.UserName != "root" ? "only root of a Linux machine makes networks" : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") ? "the program ip is not installed" : null;

    internal static async Task<SilentNetwork> CreateAsync(int answering, CancellationToken cancellationToken)
    {
        var network = new SilentNetwork();
        await RunAsync(["netns", "add", network._name], cancellationToken);
        try
        {
            await RunAsync(["link", "add", "hlsweep", "type", "veth", "peer", "name", "far", "netns", network._name], cancellationToken);
            await RunAsync(["addr", "add", Network + ".254/24", "dev", "hlsweep"], cancellationToken);
            await RunAsync(["link", "set", "hlsweep", "up"], cancellationToken);
            for (var host = 1; host <= answering; host++) await RunAsync(["-n", network._name, "addr", "add", Address(host) + "/24", "dev", "far"], cancellationToken);
            await RunAsync(["-n", network._name, "link", "set", "far", "up"], cancellationToken);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    internal static string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"{Network}.{host}");

    public async ValueTask DisposeAsync() => await RunAsync(["netns", "del", _name], CancellationToken.None);

    private static async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {errors.Trim()}");
    }
}
