namespace Homelab.SystemTests.Cli;

/// <summary>The big red switch, pulled beside a program that serves.</summary>
public sealed class SwitchTests
{
    [Fact]
    public async Task What_another_process_suspends_the_serving_one_leaves_alone_until_it_is_resumed()
    {
        await using var bench = await CliBench.OpenAsync();
        var (serve, url) = await bench.ServeAsync();
        var (code, output, errors) = await bench.RunAsync("suspend", "moving the rack", "--for", "2h", "--lab", bench.Stage.LabFile);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("is suspended until", output, StringComparison.Ordinal);
        var (_, health, _) = await bench.RunAsync("health", "--url", url.ToString());
        Assert.Contains("moving the rack", health, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"ok\"", health, StringComparison.Ordinal);

        (code, output, errors) = await bench.RunAsync("resume", "--lab", bench.Stage.LabFile);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("is on; no incident is open", output, StringComparison.Ordinal);
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
    }

    [Fact]
    public async Task A_length_that_is_none_is_refused_and_nothing_is_suspended()
    {
        await using var bench = await CliBench.OpenAsync();
        var (serve, url) = await bench.ServeAsync();
        var (code, _, errors) = await bench.RunAsync("suspend", "x", "--for", "soon", "--lab", bench.Stage.LabFile);
        Assert.Equal((2, "DurationInvalid: --for is 'soon', which is no length of time. Write 30m, 2h or 1d."), (code, errors.Trim()));
        var (_, health, _) = await bench.RunAsync("health", "--url", url.ToString());
        Assert.Contains("\"suspended\":null", health, StringComparison.Ordinal);
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
    }
}
