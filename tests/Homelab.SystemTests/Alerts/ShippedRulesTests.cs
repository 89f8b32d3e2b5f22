using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Alerts;

/// <summary>The files that are shipped for Prometheus and Alertmanager, as their own tools judge them.</summary>
public sealed class ShippedRulesTests
{
    [Theory]
    [InlineData("prometheus", "/usr/bin/promtool", "check", "rules", "deploy/prometheus/rules.yml")]
    [InlineData("prometheus-alertmanager", "/usr/bin/amtool", "check-config", "deploy/alertmanager/alertmanager.yml")]
    public async Task A_shipped_file_is_well(string package, string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(PeerProcess.Require(package, package, tool)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + errors);
    }
}
