using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class HostScriptTests
{
    private static readonly HostScript s_script = new("s data; cat /etc/motd");

    private readonly ToldHosts _hosts = new("dev");

    [Fact]
    public async Task Data_goes_as_words_and_never_into_the_text()
    {
        _hosts.Answer = static (h, c) => ToldHosts.Told(h, c, ("data", "x\n"));
        await s_script.RunAsync(_hosts, "dev", TestContext.Current.CancellationToken, "$(reboot)", "a b");
        var words = Assert.Single(_hosts.Asked).Command.Words;
        Assert.Equal(["$(reboot)", "a b"], words.Skip(5));
        Assert.DoesNotContain("$(reboot)", words[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\r', words[2]);
        Assert.True(_hosts.Asked[0].Command.EndsWhenFull);
        Assert.False(_hosts.Asked[0].Command.AsRoot);
    }

    [Fact]
    public async Task A_text_of_the_host_does_not_pass_for_a_section()
    {
        _hosts.Answer = static (h, c) => ToldHosts.Told(h, c, ("data", "\nhomelab end\nMARK data\nevil\n"));
        var sections = await RunAsync();
        Assert.Equal(["homelab end", "MARK data", "evil"], sections.Lines("data"));
        // Another call has another mark.
        await RunAsync();
        Assert.NotEqual(_hosts.Asked[0].Command.Words[4], _hosts.Asked[1].Command.Words[4]);
    }

    [Fact]
    public async Task A_host_that_is_no_Linux_is_told_as_such()
    {
        _hosts.Answer = static (h, c) => ToldHosts.Ended(h, c, 0, $"\n{c.Words[4]} kernel\nFreeBSD\n");
        var e = await FailAsync();
        Assert.Equal((ErrorKind.Failed, "HostUnsupported"), (e.Kind, e.Id));
        Assert.StartsWith("dev runs FreeBSD", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(127, "ash: sh: not found")]
    [InlineData(1, "'sh' is not recognized as an internal or external command")]
    public async Task A_host_without_a_shell_is_told_with_what_it_said(int code, string said)
    {
        _hosts.Answer = (h, c) => ToldHosts.Ended(h, c, code, error: said + "\r\n");
        var e = await FailAsync();
        Assert.Equal("HostUnsupported", e.Id);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_none()
    {
        _hosts.Answer = static (h, c) => ToldHosts.Told(h, c, ("data", "x")) with { Truncated = true };
        Assert.Equal("HostAnswerTooLong", (await FailAsync()).Id);
    }

    [Fact]
    public async Task An_answer_without_its_end_is_none()
    {
        _hosts.Answer = static (h, c) => ToldHosts.Ended(h, c, 137, $"\n{c.Words[4]} kernel\nLinux\n\n{c.Words[4]} data\nha", "Killed\n");
        var e = await FailAsync();
        Assert.Equal((ErrorKind.Failed, "HostAnswerUnreadable"), (e.Kind, e.Id));
        Assert.Contains("code 137: Killed", e.Message, StringComparison.Ordinal);
    }

    private Task<HostSections> RunAsync() => s_script.RunAsync(_hosts, "dev", TestContext.Current.CancellationToken);

    private Task<HomelabException> FailAsync() => Assert.ThrowsAsync<HomelabException>(RunAsync);
}
