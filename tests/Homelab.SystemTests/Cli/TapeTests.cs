using System.Text;
using Homelab.Automation.Tapes;

namespace Homelab.SystemTests.Cli;

/// <summary><c>homelab tape</c>: what the state has kept, as a tape.</summary>
public sealed class TapeTests
{
    [Fact]
    public async Task The_alerts_that_were_kept_come_out_as_they_would_have_been_recorded()
    {
        await using var bench = await CliBench.OpenAsync(static lab => lab.Replace("server: {", "server: { tape: tape.jsonl,", StringComparison.Ordinal));
        var (serve, _) = await bench.ServeAsync();
        await bench.CrashAsync("redis", "Redis");
        bench.Stage.Homelab.Kuma.StartChecking();
        await serve.EventAsync("recovered", "redis");
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());

        var (code, output, errors) = await bench.RunAsync("tape", "--since", "1h");
        Assert.Equal((0, ""), (code, errors));
        var kept = await ReadAsync(Encoding.UTF8.GetBytes(output));
        // Nothing that was recorded before a normal stop is missing.
        var recorded = await ReadAsync(await File.ReadAllBytesAsync(Path.Combine(bench.Stage.Folder, "tape.jsonl"), TestContext.Current.CancellationToken));
        Assert.Equal(recorded.Where(static e => !e.Duplicate).Select(static e => e.Alert.Fingerprint), kept.Select(static e => e.Alert.Fingerprint));
        Assert.Equal(("uptime-alert", "kuma", "redis", AlertStatus.Down), (kept[0].Hook, kept[0].Source, kept[0].Service, kept[0].Alert.Status));
        Assert.NotNull(kept[0].Incident);
        Assert.Equal((0, ""), await bench.RunAsync("tape", "--since", "2999-01-01") is var (c, o, _) ? (c, o) : default);
        (code, _, errors) = await bench.RunAsync("tape", "--since", "soon");
        Assert.Equal((true, true), (code != 0, errors.Contains("neither a time nor a duration", StringComparison.Ordinal)));
    }

    private static async Task<List<TapeEntry>> ReadAsync(byte[] tape)
    {
        var entries = new List<TapeEntry>();
        await foreach (var line in TapeReader.ReadAsync(new MemoryStream(tape), TestContext.Current.CancellationToken))
        {
            Assert.Equal("", line.Problem);
            entries.Add(line.Entry!);
        }

        return entries;
    }
}
