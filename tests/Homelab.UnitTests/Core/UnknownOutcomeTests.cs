namespace Homelab.UnitTests.Core;

public sealed class UnknownOutcomeTests
{
    [Fact]
    public async Task What_is_unknown_tells_why_and_how_to_find_out()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = static _ => throw new HomelabException(ErrorKind.Timeout, "TaskTimeout", "Task 7 still runs. Wait for it: Wait-HlTask 7.") { WayOut = "Wait for it: Wait-HlTask 7." };
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal("OutcomeUnknown", error.Id);
        Assert.EndsWith("nobody can tell whether it happened. Task 7 still runs. Wait for it: Wait-HlTask 7.", error.Message, StringComparison.Ordinal);
        Assert.Equal("Wait for it: Wait-HlTask 7.", error.WayOut);
        Assert.Equal("TaskTimeout", Assert.IsType<HomelabException>(error.InnerException).Id);
    }

    [Fact]
    public async Task What_is_unknown_after_a_crash_of_ours_says_to_look_at_the_target()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = static _ => throw new InvalidOperationException("secret stuff");
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal("OutcomeUnknown", error.Id);
        Assert.EndsWith("then decide.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret stuff", error.Message, StringComparison.Ordinal);
    }
}
