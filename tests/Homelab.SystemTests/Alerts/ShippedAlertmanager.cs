using Homelab.Tests;

namespace Homelab.SystemTests.Alerts;

/// <summary>A real Alertmanager with the shipped settings, of which only the address, the token's file and the patience are others.</summary>
internal static class ShippedAlertmanager
{
    /// <summary>Starts one, or skips the test where it is not installed.</summary>
    /// <param name="hook">Where it sends to.</param>
    /// <param name="token">What it shows there.</param>
    /// <param name="edit">Changes more of its settings.</param>
    internal static async Task<PeerProcess> StartAsync(Uri hook, string token, Func<string, string>? edit = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var program = Require();
        var peer = new PeerProcess();
        await File.WriteAllTextAsync(peer.In("token"), token, cancellationToken);
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "alertmanager", "alertmanager.yml"), cancellationToken);
        var config = shipped
            .Replace("http://127.0.0.1:18789/hooks/alertmanager", hook.ToString(), StringComparison.Ordinal)
            .Replace("/etc/alertmanager/homelab.token", peer.In("token"), StringComparison.Ordinal)
            .Replace("group_wait: 10s", "group_wait: 500ms", StringComparison.Ordinal)
            .Replace("group_interval: 1m", "group_interval: 500ms", StringComparison.Ordinal);
        await File.WriteAllTextAsync(peer.In("alertmanager.yml"), edit is null ? config : edit(config), cancellationToken);
        await peer.StartAsync(program, "/-/ready", "--config.file=alertmanager.yml", "--storage.path=data", $"--web.listen-address=127.0.0.1:{peer.Port}", "--cluster.listen-address=");
        return peer;
    }

    /// <summary>The program; skips the test where it is not installed.</summary>
    internal static string Require() => PeerProcess.Require("prometheus-alertmanager", "prometheus-alertmanager", "/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager");
}
