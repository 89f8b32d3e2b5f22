using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Web;
using Homelab.SystemTests.Kill;

namespace Homelab.SystemTests.Faults;

/// <summary>The child process of the matrix: the real host in haste, that kills itself at one point.</summary>
internal static class FaultHost
{
    internal const string Switch = "--fault-host";

    /// <summary>Runs until it is killed, or until its standard input is closed.</summary>
    internal static async Task<int> RunAsync(string labFile, KillPoint point)
    {
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(labFile);
        var counters = new HealingCounters();
        var options = new RuntimeOptions { Runbooks = FaultHaste.Runbooks(FaultHaste.Usual), Tempo = FaultHaste.Tempo, Observers = [counters], WrapStore = store => new KillingStore(store, point, SuddenEnd.Kill) };
        await using var runtime = await HomelabRuntime.OpenAsync(file, options, CancellationToken.None);
        await runtime.StartHealingAsync(CancellationToken.None);
        await using var server = await HomelabServer.StartAsync(runtime, counters, "127.0.0.1:0", CancellationToken.None);
        Console.WriteLine($"ready {server.Url}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
