using Homelab.State;
using Homelab.UnitTests.Core;

namespace Homelab.UnitTests.State;

public sealed class GateOnBrokenFileTests
{
    [Fact]
    public async Task A_deed_that_is_done_is_not_repeated_because_its_end_cannot_be_written()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = _ =>
        {
            using var database = SqliteDatabase.Open(bench.StateFile, TimeSpan.FromSeconds(10));
            database.RunScript("ALTER TABLE changes RENAME TO lost");
            return Task.CompletedTask;
        };

        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing", retry: new RetryRule(3, TimeSpan.Zero)));

        Assert.Equal("StateFailed", error.Id);
        Assert.Equal(1, bench.Restart.Runs);
    }
}
