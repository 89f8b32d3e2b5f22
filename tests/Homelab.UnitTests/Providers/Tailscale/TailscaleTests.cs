using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.Lab.Tailscale;
using Homelab.Providers.Tailscale;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Tailscale;

public sealed class TailscaleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-ts-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Socket => Path.Combine(_folder, "d.sock");

    [Fact]
    public async Task The_machines_of_the_tailnet_are_listed_this_one_first()
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        var far = SimulatedTailscale.Peer("web-2", "100.64.0.3", online: false);
        far["Tags"] = new JsonArray("tag:server");
        far["ExitNodeOption"] = true;
        far["KeyExpiry"] = null;
        far["UserID"] = 8;
        tailscale.Body = SimulatedTailscale.Status("Running", far, SimulatedTailscale.Peer("nas", "100.64.0.2", online: true)).ToJsonString();

        var peers = await AskAsync(new { });

        Assert.Equal(["here", "nas", "web-2"], peers.Select(static p => p.Name));
        Assert.Equal([true, false, false], peers.Select(static p => p.IsSelf));
        var near = peers[1];
        Assert.Equal(("nas.tail1234.ts.net", "linux", true, "anna@example.org"), (near.DnsName, near.Os, near.Online, near.User));
        Assert.Equal(["100.64.0.2", "fd7a:115c:a1e0::3"], near.Addresses);
        Assert.Equal(("192.168.1.7:41641", "", true, 1024L, 2048L), (near.DirectAddress, near.RelayedVia, near.Active, near.ReceivedBytes, near.SentBytes));
        Assert.Null(near.LastSeen);
        Assert.Equal(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), near.KeyExpiry);
        Assert.Equal(("", "fra", true, "", null), (peers[2].DirectAddress, peers[2].RelayedVia, peers[2].ExitNodeOption, peers[2].User, peers[2].KeyExpiry));
        Assert.Equal(["tag:server"], peers[2].Tags);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, 100, TimeSpan.Zero), peers[2].LastSeen);
        Assert.Equal("", peers[0].RelayedVia);
    }

    [Theory]
    [InlineData("nas", false, "nas")]
    [InlineData("NAS.tail1234.ts.net", false, "nas")]
    [InlineData("100.64.0.3", false, "web-2")]
    [InlineData("?e*", false, "here web-2")]
    [InlineData("?e*", true, "here")]
    [InlineData("web-2", true, "")]
    [InlineData("x*", false, "")]
    [InlineData(null, true, "here nas")]
    public async Task A_name_and_being_online_choose(string? name, bool online, string expected)
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        tailscale.Body = SimulatedTailscale.Status("Running", SimulatedTailscale.Peer("web-2", "100.64.0.3", online: false), SimulatedTailscale.Peer("nas", "100.64.0.2", online: true)).ToJsonString();
        Assert.Equal(expected, string.Join(' ', (await AskAsync(new { name, online })).Select(static p => p.Name)));
    }

    [Fact]
    public async Task A_machine_that_is_not_there_is_an_error_with_the_nearest_name()
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        var e = await FailAsync(new { name = "hree" });
        Assert.Equal((ErrorKind.NotFound, "PeerNotFound"), (e.Kind, e.Id));
        Assert.Contains("Did you mean 'here'?", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NeedsLogin", "is logged out", "tailscale up")]
    [InlineData("Stopped", "is stopped", "tailscale up")]
    [InlineData("NeedsMachineAuth", "waits to be let in", "admin console")]
    [InlineData("Starting", "is still starting", "Try again")]
    [InlineData("Some\u202Ething", "its state is 'Something'", "tailscale up")]
    public async Task A_Tailscale_that_does_not_run_is_unavailable_with_the_way_out(string state, string what, string wayOut)
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        tailscale.Body = SimulatedTailscale.Status(state).ToJsonString();
        var e = await FailAsync(new { });
        Assert.Equal((ErrorKind.Unavailable, "TailscaleNotRunning"), (e.Kind, e.Id));
        Assert.Contains(what, e.What, StringComparison.Ordinal);
        Assert.Contains(wayOut, e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_named_and_not_there_is_unavailable_and_nothing_at_all_is_not_found()
    {
        Assert.Equal((ErrorKind.Unavailable, "TailscaleUnreachable"), KindOf(await FailAsync(new { })));

        var e = await FailAsync(new { }, new TailscalePlaces(Socket, MustHaveSocket: false, [Path.Combine(_folder, "none"), "hl-no-such-program"]));
        Assert.Equal((ErrorKind.NotFound, "TailscaleNotFound"), KindOf(e));
        Assert.Contains("https://tailscale.com/download", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_socket_the_program_is_asked_with_arguments_of_its_own()
    {
        var peers = await AskAsync(new { }, Program("[ \"$#:$1:$2\" = '2:status:--json' ] || exit 9\ncat <<'E'\n" + SimulatedTailscale.Status().ToJsonString() + "\nE\n"));
        Assert.Equal("here", Assert.Single(peers).Name);
    }

    [Theory]
    [InlineData("cat <<'E'\n{ \"BackendState\": \"Stopped\" }\nE\nexit 1\n", ErrorKind.Unavailable, "TailscaleNotRunning", "is stopped")]
    [InlineData("echo 'failed to connect to local tailscaled; it doesn'\"'\"'t appear to be running' >&2; exit 1\n", ErrorKind.Unavailable, "TailscaleUnreachable", "failed to connect to local tailscaled")]
    [InlineData("echo hello\n", ErrorKind.Failed, "TailscaleAnswerUnreadable", "cannot be read")]
    [InlineData("exec cat /dev/zero\n", ErrorKind.Failed, "TailscaleAnswerUnreadable", "more than 16 MiB")]
    public async Task What_the_program_says_when_it_is_not_well_is_an_error_of_ours(string script, ErrorKind kind, string id, string says)
    {
        var e = await FailAsync(new { }, Program(script));
        Assert.Equal((kind, id), KindOf(e));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended()
    {
        var mark = Path.Combine(_folder, "began");
        var time = new ManualTime();
        var asking = FailAsync(new { }, Program($"echo $$ > {mark}.new; mv {mark}.new {mark}; exec sleep 600\n"), time);
        await Eventually.HoldsAsync("the program began", () => Task.FromResult(File.Exists(mark)), Cancel);
        time.Advance(TailscaleClient.Limit);

        Assert.Equal((ErrorKind.Timeout, "TailscaleNoAnswer"), KindOf(await asking));
        var id = (await File.ReadAllTextAsync(mark, Cancel)).Trim();
        await Eventually.HoldsAsync("the program ended", () => Task.FromResult(!Directory.Exists("/proc/" + id)), Cancel);
    }

    [Fact]
    public async Task A_socket_that_hangs_is_left()
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        tailscale.Hangs = true;
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tailscale.Asked += (_, _) => asked.TrySetResult();
        var time = new ManualTime();
        var asking = FailAsync(new { }, time: time);
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        time.Advance(TailscaleClient.Limit);
        Assert.Equal((ErrorKind.Timeout, "TailscaleNoAnswer"), KindOf(await asking));
    }

    [Theory]
    [InlineData(403, ErrorKind.Denied, "TailscaleDenied")]
    [InlineData(404, ErrorKind.Failed, "TailscaleAnswerUnreadable")]
    [InlineData(500, ErrorKind.Failed, "TailscaleAnswerUnreadable")]
    public async Task A_refusal_is_an_error_of_ours(int status, ErrorKind kind, string id)
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        tailscale.StatusCode = status;
        Assert.Equal((kind, id), KindOf(await FailAsync(new { })));
    }

    [Fact]
    public void What_is_missing_is_tolerated_and_what_is_unknown_passed_over()
    {
        var status = StatusReader.Read(Encoding.UTF8.GetBytes("""{ "BackendState": "Running", "Peer": { "nodekey:1": { "HostName": "nas", "New": [ {} ] }, "nodekey:2": null }, "New": 1 }"""));
        var peer = Assert.Single(status.Peers);
        Assert.Equal(("nas", "", false, false), (peer.Name, peer.DnsName, peer.Online, peer.IsSelf));
        Assert.Empty(peer.Addresses);
    }

    [Fact]
    public void Hostile_bodies_are_errors_and_never_an_empty_tailnet()
    {
        foreach (var body in HostileBodies.All)
        {
            var e = Assert.Throws<HomelabException>(() => StatusReader.Read(body.Body));
            Assert.Equal("TailscaleAnswerUnreadable", e.Id);
            Assert.InRange(e.Message.Length, 10, 1000);
        }
    }

    [Fact]
    public void A_damaged_status_is_read_or_is_an_error_of_ours()
    {
        var random = new Random(20260302);
        var good = Encoding.UTF8.GetBytes(SimulatedTailscale.Status("Running", SimulatedTailscale.Peer("nas", "100.64.0.2", online: true)).ToJsonString());
        for (var round = 0; round < 2000; round++)
        {
            var damaged = good.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.All(StatusReader.Read(damaged).Peers, static p => Assert.True(ForeignText.IsClean(p.Name + p.DnsName + p.Os + p.User)));
            }
            catch (HomelabException e)
            {
                Assert.Equal("TailscaleAnswerUnreadable", e.Id);
            }
        }
    }

    [Theory]
    [InlineData("2026-03-10T00:00:00Z", CheckStatus.Warning)]
    [InlineData("2026-09-01T00:00:00Z", CheckStatus.Ok)]
    public async Task A_key_that_expires_soon_is_a_warning(string expiry, CheckStatus expected)
    {
        await using var tailscale = await SimulatedTailscale.StartAsync(Socket, Cancel);
        var status = SimulatedTailscale.Status();
        status["Self"]!["KeyExpiry"] = expiry;
        tailscale.Body = status.ToJsonString();
        await using var provider = new TailscaleProvider(Context(new TailscaleSettings { Socket = Socket }, new ManualTime()));

        var checks = await provider.CheckAsync(Cancel).ToListAsync(Cancel);

        Assert.Equal([("connection", CheckStatus.Ok), ("rights", expected)], checks.Select(static c => (c.Group, c.Status)));
        Assert.Equal("version 1.90.6-tsimulated, tailnet anna@example.org: 1 of 1 machines are online", checks[0].Detail);
    }

    [Fact]
    public async Task Who_does_not_name_it_need_not_have_it()
    {
        await using var provider = new TailscaleProvider(Context(settings: null, new PatientTime()), new TailscalePlaces(Socket, MustHaveSocket: true, []));
        Assert.Empty(await provider.CheckAsync(Cancel).ToListAsync(Cancel));
        await using var named = new TailscaleProvider(Context(new TailscaleSettings { Socket = Socket }, new PatientTime()));
        Assert.Equal(CheckStatus.Failed, Assert.Single(await named.CheckAsync(Cancel).ToListAsync(Cancel)).Status);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (ErrorKind, string) KindOf(HomelabException e) => (e.Kind, e.Id);

    private ProviderContext Context(TailscaleSettings? settings, TimeProvider time)
    {
        var providers = new Dictionary<string, object>(StringComparer.Ordinal);
        if (settings is not null) providers.Add("tailscale", settings);
        return new ProviderContext(new LabDefinition { Providers = providers }, _folder, new Secrets(), time);
    }

    private async Task<IReadOnlyList<TailscalePeer>> AskAsync(object input, TailscalePlaces? places = null, TimeProvider? time = null)
    {
        await using var provider = new TailscaleProvider(Context(settings: null, time ?? new PatientTime()), places ?? new TailscalePlaces(Socket, MustHaveSocket: true, []));
        return await new QueryDesk().AskAsync<TailscalePeer>(provider.Operations, "tailscale_status", input, Cancel);
    }

    private Task<HomelabException> FailAsync(object input, TailscalePlaces? places = null, TimeProvider? time = null) =>
        Assert.ThrowsAsync<HomelabException>(() => AskAsync(input, places, time));

    private TailscalePlaces Program(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program that stands for tailscale is a shell script.");
        var path = Path.Combine(_folder, "tailscale");
        // By another process: one that some test starts at this very moment holds a copy of whatever is open here, and what is open for writing cannot be run.
        using var writing = Process.Start("sh", ["-c", "printf %s \"$2\" > \"$1\" && chmod 700 \"$1\"", "sh", path, "#!/bin/sh\n" + script]);
        writing.WaitForExit();
        Assert.Equal(0, writing.ExitCode);
        return new TailscalePlaces(Socket, MustHaveSocket: false, [path]);
    }
}
