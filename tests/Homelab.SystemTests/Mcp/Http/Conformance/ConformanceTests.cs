namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>The official suite at our door: transport, guards and sessions are ours; what is behind is made for the suite. Its two versions were made for different revisions.</summary>
[Collection(typeof(ConformanceTests))]
public sealed class ConformanceTests(ITestOutputHelper output)
{
    // What it should be and is not: streams are not resumed, so that there is nothing to poll, and its test tool is not there.
    private static readonly string[] s_resumption = ["server-sse-polling"];

    [Fact]
    public async Task Everything_passes_that_the_suite_of_2025_11_25_has()
    {
        var result = await RunAsync("0.1", "--suite", "all");
        AssertPassed(result, scenarios: 32, checks: 44);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Everything_passes_that_2025_11_25_requires()
    {
        var result = await RunAsync("0.2", "--requirements", "2025-11-25");
        AssertPassed(result, scenarios: 33, checks: 81);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Everything_passes_that_2026_07_28_requires()
    {
        // Tasks are an extension that the SDK has in another package, and nobody has to have; the suite does not score them.
        var result = await RunAsync("0.2", "--requirements", "2026-07-28");
        AssertPassed(result.Without("tasks-"), scenarios: 40, checks: 151);
        Assert.Equal(0, result.Code);
    }

    private static void AssertPassed(SuiteResult result, int scenarios, int checks)
    {
        Assert.True(result.Failures.Length == 0, string.Join('\n', result.Failures));
        Assert.DoesNotContain(result.Warnings, w => !s_resumption.Any(r => w.Contains(r, StringComparison.Ordinal)));
        // A suite that ran nothing would have no failure either.
        Assert.Equal((scenarios, checks), (result.Scenarios.Count, result.Passed));
    }

    private async Task<SuiteResult> RunAsync(string version, params string[] arguments)
    {
        await OfficialSuite.FolderAsync();
        await using var proxy = await BearerProxy.StartAsync(TestContext.Current.CancellationToken);
        await using var bench = await DoorBench.OpenAsync(new McpDefinition { Url = proxy.Url.GetLeftPart(UriPartial.Authority) });
        proxy.PassTo(bench.Url, await bench.KeyAsync("tester"));
        var result = await OfficialSuite.RunAsync(version, new Uri(proxy.Url, "/mcp"), arguments);
        output.WriteLine(string.Join('\n', result.Warnings.Prepend(result.Output)));
        return result;
    }
}
