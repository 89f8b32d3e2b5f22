using Homelab.Tests;

namespace Homelab.SystemTests.Cli;

public sealed class HealthTests
{
    [Fact]
    public async Task Whoever_serves_is_asked_and_who_does_not_answer_is_not_well()
    {
        await using var bench = await CliBench.OpenAsync();
        var (serve, url) = await bench.ServeAsync();
        var (code, output, errors) = await bench.RunAsync("health", "--url", url.ToString());
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("\"status\":\"ok\"", output, StringComparison.Ordinal);

        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
        // Its port may be somebody else's by now.
        using var port = new ClosedPort();
        (code, output, errors) = await bench.RunAsync("health", "--url", $"http://127.0.0.1:{port.Number}");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"HealthUnknown: http://127.0.0.1:{port.Number}/health cannot be asked: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_another_server_is_no_good_health()
    {
        await using var bench = await CliBench.OpenAsync();
        // Kuma has its page at every address.
        var (code, output, errors) = await bench.RunAsync("health", "--url", bench.Stage.Homelab.Kuma.Url.ToString());
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("NotHealthy: ", errors, StringComparison.Ordinal);
        Assert.Contains(" answered 200: <!DOCTYPE html>", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:18789")]
    [InlineData("ftp://127.0.0.1")]
    public async Task What_is_no_address_is_refused(string url)
    {
        await using var bench = await CliBench.OpenAsync();
        var (code, _, errors) = await bench.RunAsync("health", "--url", url);
        Assert.Equal((2, true), (code, errors.Contains("--url is not an http or https address", StringComparison.Ordinal)));
    }
}
