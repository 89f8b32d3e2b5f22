using System.Diagnostics;
using Homelab.Lab;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Alerts;

/// <summary>The shipped sender within the real alarm-notify.sh of Netdata, against our real door.</summary>
public sealed class NetdataTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_test_of_alarm_notify_comes_in_as_three_tests_and_nothing_is_healed()
    {
        var script = Script();
        await using var bench = await OpenAsync();
        var (code, output) = await NotifyAsync(bench, script, bench.Token, "test");
        Assert.True(code == 0, output);
        var alerts = await bench.Runtime.Store.ListAlertsAsync(10, Cancellation);
        Assert.Equal(["clear", "critical", "warning"], alerts.Select(static a => a.Alert.Severity!).Order(StringComparer.Ordinal));
        Assert.All(alerts, static a => Assert.Equal(("netdata", AlertStatus.Test, "test.chart"), (a.Alert.Source, a.Alert.Status, a.Alert.Labels["chart"])));
        Assert.DoesNotContain(bench.Token, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_with_anything_in_them_come_in_as_they_are()
    {
        const string Odd = "a \"quoted\" \\ back\tslash ünï $(id) `id` 'x'";
        var script = Script();
        await using var bench = await OpenAsync();
        var (code, output) = await NotifyAsync(
            bench, script, bench.Token,
            "sysadmin", "dev", "77", "1", "1", "1795219708", "disk_space_usage", "disk_space._", "/", "CRITICAL", "CLEAR", "97.5", "50", "src", "60", "60", "%", Odd, "97.5%", "50%", "", "", "0", "1", "", "", "Utilization", "", "");
        Assert.True(code == 0, output);
        var alert = Assert.Single(await bench.Runtime.Store.ListAlertsAsync(10, Cancellation)).Alert;
        Assert.Equal((AlertStatus.Pressure, "disk", 97.5, "dev"), (alert.Status, alert.Resource, alert.Value!.Value, alert.Host));
        Assert.Contains(Odd.Replace('\t', ' '), alert.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_an_error_of_the_sender()
    {
        var script = Script();
        await using var bench = await OpenAsync();
        var (_, output) = await NotifyAsync(bench, script, "wrong", "test");
        Assert.Contains("was not taken: HTTP 401", output, StringComparison.Ordinal);
        Assert.Empty(await bench.Runtime.Store.ListAlertsAsync(10, Cancellation));
    }

    private static string Script()
    {
        PeerProcess.Require("curl", "curl", "/usr/bin/curl");
        return PeerProcess.Require("alarm-notify.sh", "netdata-core netdata-plugins-bash", "/usr/lib/netdata/plugins.d/alarm-notify.sh", "/usr/libexec/netdata/plugins.d/alarm-notify.sh");
    }

    private static Task<WebBench> OpenAsync() => WebBench.OpenAsync(Cancellation, static lab => lab.Replace("hooks:\n", $"hooks:\n  netdata: {{ source: netdata, token: \"env:{SimulatedTokens.HookVariable}\" }}\n", StringComparison.Ordinal));

    private static async Task<(int Code, string Output)> NotifyAsync(WebBench bench, string script, string token, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("hln-");
        try
        {
            var stock = Path.Combine(folder.FullName, "stock");
            Directory.CreateDirectory(stock);
            var tokenFile = Path.Combine(folder.FullName, "token");
            await File.WriteAllTextAsync(tokenFile, token + "\n", Cancellation);
            var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "netdata", "health_alarm_notify.conf"), Cancellation);
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "health_alarm_notify.conf"),
                "SEND_EMAIL=\"NO\"\n" + shipped.Replace("http://127.0.0.1:18789/hooks/netdata", new Uri(bench.Server.Url, "/hooks/netdata").ToString(), StringComparison.Ordinal).Replace("/etc/netdata/homelab.token", tokenFile, StringComparison.Ordinal).Replace("--max-time 10", "--max-time 180", StringComparison.Ordinal),
                Cancellation);
            var start = new ProcessStartInfo("/bin/bash") { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var argument in arguments.Prepend(script)) start.ArgumentList.Add(argument);
            start.Environment["NETDATA_USER_CONFIG_DIR"] = folder.FullName;
            start.Environment["NETDATA_STOCK_CONFIG_DIR"] = stock;
            start.Environment["NETDATA_CACHE_DIR"] = folder.FullName;
            start.Environment["NETDATA_REGISTRY_URL"] = "http://127.0.0.1";
            start.Environment["NETDATA_HOSTNAME"] = "dev";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(Cancellation);
            var error = await process.StandardError.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            return (process.ExitCode, await output + error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
