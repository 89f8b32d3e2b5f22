using System.Net;
using System.Text;
using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>What ssh says, recorded from OpenSSH, and what it means.</summary>
public sealed class SshErrorsTests
{
    private static readonly SshLogin s_login = SshLogin.Of("dev", new HostDefinition { Address = "100.64.0.1", Ssh = new SshDefinition { User = "automation" } });

    [Theory]
    [InlineData("No ED25519 host key is known for 100.64.0.1 and you have requested strict checking.\r\nHost key verification failed.\r\n", "HostKeyUnknown", ErrorKind.Denied)]
    [InlineData("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\n", "HostKeyChanged", ErrorKind.Denied)]
    [InlineData("automation@100.64.0.1: Permission denied (publickey,keyboard-interactive).", "SshDenied", ErrorKind.Denied)]
    [InlineData("Received disconnect from 100.64.0.1 port 22:2: Too many authentication failures", "SshDenied", ErrorKind.Denied)]
    [InlineData("ssh: connect to host 100.64.0.1 port 22: Connection refused", "SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("ssh: connect to host 100.64.0.1 port 22: Connection timed out", "SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("Connection timed out during banner exchange", "SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("ssh: connect to host 100.64.0.1 port 22: No route to host", "SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("Unable to negotiate with 100.64.0.1 port 22: no matching host key type found. Their offer: ssh-dss", "SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("kex_exchange_identification: Connection closed by remote host", "SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("", "SshUnreachable", ErrorKind.Unavailable)]
    public void Every_cause_of_255_is_told_apart(string said, string id, ErrorKind kind)
    {
        var e = SshErrors.Read(s_login, IPAddress.Parse("100.64.0.1"), said, TimeSpan.FromSeconds(10));

        Assert.Equal((id, kind, "dev", true), (e.Id, e.Kind, e.Target, e.NothingHappened));
        Assert.StartsWith("dev (100.64.0.1) ", e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(e.WayOut);
    }

    [Fact]
    public void A_hosts_words_can_do_nothing_to_a_terminal() =>
        Assert.DoesNotContain('\u001b', SshErrors.Read(s_login, IPAddress.Loopback, "\u001b[2Jhello\u202e", TimeSpan.FromSeconds(10)).Message);

    [Theory]
    [InlineData(0, "rc noise\nMARK\nerr\n", "Ended", "err\n")]
    [InlineData(255, "MARK\nerr\nMARK\n", "Ended", "err\n")]
    [InlineData(255, "MARK\nerr\n", "Lost", "err\n")]
    [InlineData(255, "MARK\n", "Lost", "")]
    [InlineData(1, "This account is currently not available.\n", "OtherProgram", "This account is currently not available.\n")]
    [InlineData(255, "mux_client_request_session: session request failed: Session open refused by peer\nhomelab-no-connection\n", "NoSession", null)]
    [InlineData(255, "Control socket connect(/tmp/m1): Connection refused\nhomelab-no-connection\n", "NoMaster", null)]
    [InlineData(255, "mux_client_request_session: read from master failed: Broken pipe\nhomelab-no-connection\n", "Lost", null)]
    [InlineData(255, "", "Lost", null)]
    public async Task What_became_of_a_command_is_never_guessed(int exitCode, string error, string fate, string? said)
    {
        var ending = SshEnding.Of(shares: true, exitCode, "MARK", await KeptAsync(error, 1000));

        Assert.Equal(fate, ending.Fate.ToString());
        if (said is not null) Assert.Equal(said, ending.Error);
    }

    [Theory]
    [InlineData("Connection to 10.0.0.7 closed by remote host.")]
    [InlineData("Read from remote host 10.0.0.7: Connection reset by peer")]
    [InlineData("client_loop: send disconnect: Broken pipe")]
    public async Task A_connection_that_was_made_and_lost_before_the_mark_came_leaves_the_outcome_open(string said) =>
        Assert.Equal(SshFate.Lost, SshEnding.Of(shares: false, SshEnding.Failed, "MARK", await KeptAsync(said + "\n", 1000)).Fate);

    [Fact]
    public async Task A_mark_behind_the_limit_is_still_found()
    {
        var kept = await KeptAsync("MARK\n" + new string('x', 5000) + "MARK\n", 100);

        var ending = SshEnding.Of(shares: true, 255, "MARK", kept);

        Assert.Equal((SshFate.Ended, 95, true), (ending.Fate, ending.Error.Length, kept.Overflowed));
    }

    private static async Task<KeptOutput> KeptAsync(string text, int limit)
    {
        var kept = new KeptOutput(limit);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await kept.ReadAsync(stream, whenFull: null, CancellationToken.None);
        return kept;
    }
}
