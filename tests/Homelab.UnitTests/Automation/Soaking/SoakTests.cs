namespace Homelab.UnitTests.Automation.Soaking;

/// <summary>Nothing grows but what is meant to be kept: measured alone, for memory is the whole process's.</summary>
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const double Allowance = 2;
    private const int Loops = 10;

    [Fact]
    public async Task An_hour_of_alerts_with_a_storm_leaves_nothing_behind_but_its_records()
    {
        await using var soak = await Soak.StartAsync(TestContext.Current.CancellationToken);
        var before = await soak.CalmAsync(TestContext.Current.CancellationToken);
        output.WriteLine(before.ToString());
        var marks = await soak.PassAsync(TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        foreach (var mark in marks) output.WriteLine(mark.ToString());
        var after = await soak.CalmAsync(TestContext.Current.CancellationToken);
        output.WriteLine(after.ToString());
        output.WriteLine($"{await soak.CountAuditAsync(TestContext.Current.CancellationToken)} lines of audit");

        Assert.True(after.Alerts > 1000, $"{after.Alerts} alerts prove little");
        // The first hour fills what is kept for speed; it must not go on.
        Assert.True(after.Heap <= marks[0].Heap + Allowance, $"{marks[0].Heap:F2} MB on the heap became {after.Heap:F2}");
        Assert.Equal((0, 0), (after.Active, after.Open));
        Assert.True(after.Waiting <= before.Waiting + Loops, $"{before.Waiting} waits became {after.Waiting}");
    }
}
