using Homelab.Automation.Healing;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Web;

namespace Homelab.SystemTests.Kill;

/// <summary>The child process of the kill test: the real host, that kills or freezes itself at one point.</summary>
internal static class KillableHost
{
    internal const string Switch = "--killable-host";

    /// <summary>Runs until it is killed, or until its standard input is closed.</summary>
    internal static async Task<int> RunAsync(string labFile, KillPoint point, SuddenEnd end)
    {
        var file = new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(labFile);
        var counters = new HealingCounters();
        var options = new RuntimeOptions
        {
            WrapStore = store => new KillingStore(store, point, end),
            Observers = [counters],
            Tempo = new HealingTempo(TimeSpan.Zero, TimeSpan.Zero) { NoticeBackoff = TimeSpan.FromMilliseconds(50) },
        };
        await using var runtime = await HomelabRuntime.OpenAsync(file, options, CancellationToken.None);
        await runtime.StartHealingAsync(CancellationToken.None);
        await using var server = await HomelabServer.StartAsync(runtime, counters, "127.0.0.1:0", CancellationToken.None);
        Console.WriteLine($"ready {server.Url}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
