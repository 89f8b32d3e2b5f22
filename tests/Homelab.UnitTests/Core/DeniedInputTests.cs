using System.Text.Json;

namespace Homelab.UnitTests.Core;

public sealed class DeniedInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_may_not_at_all_is_told_that_and_not_what_was_wrong_with_the_input()
    {
        await using var bench = await GateBench.OpenAsync(access: new AccessPolicy());
        var request = new GateRequest { Operation = "sample_stop_thing", Json = JsonSerializer.SerializeToElement(new { nonsense = 1 }), Caller = new Caller(Face.Mcp, "claude") };
        var refused = await Assert.ThrowsAsync<GateException>(() => bench.Gate.InvokeAsync(request, Cancellation));
        Assert.Equal("LevelTooLow", refused.Id);
        Assert.Equal((AuditKind.Denied, "sample_stop_thing", "lab:lab"), (await bench.AuditAsync()).Select(l => (l.Kind, l.Operation, l.Target)).Single());
        await Assert.ThrowsAsync<InputException>(() => bench.Gate.InvokeAsync(request with { Caller = new Caller(Face.Interactive, "anna") }, Cancellation));
    }

    [Fact]
    public async Task So_is_who_only_wants_to_look()
    {
        await using var bench = await GateBench.OpenAsync(access: new AccessPolicy { Mcp = Level.None });
        var request = new GateRequest { Operation = "sample_read_thing", Json = JsonSerializer.SerializeToElement(new { nonsense = 1 }), Caller = new Caller(Face.Mcp, "claude") };
        var refused = await Assert.ThrowsAsync<GateException>(async () => await bench.Gate.QueryAsync(request, Cancellation).ToListAsync(Cancellation));
        Assert.Equal("LevelTooLow", refused.Id);
        Assert.Single(await bench.AuditAsync());
    }

    [Fact]
    public async Task What_does_not_fit_what_is_not_there_and_what_cannot_be_looked_at_is_in_the_audit()
    {
        await using var bench = await GateBench.OpenAsync();
        var anna = new Caller(Face.Interactive, "anna");
        var odd = new GateRequest { Operation = "sample_stop_thing", Json = JsonSerializer.SerializeToElement(new { nonsense = 1 }), Caller = anna };
        await Assert.ThrowsAsync<InputException>(() => bench.Gate.InvokeAsync(odd, Cancellation));
        await Assert.ThrowsAsync<HomelabException>(() => bench.Gate.InvokeAsync(odd with { Operation = "sample_\u0007stop_all" }, Cancellation));
        await Assert.ThrowsAsync<InputException>(async () => await bench.Gate.QueryAsync(odd with { Operation = "sample_read_thing" }, Cancellation).ToListAsync(Cancellation));

        var lines = await bench.AuditAsync();
        Assert.Equal(
            [("sample_stop_thing", "lab:lab", "InputInvalid"), ("unknown", "sample_ stop_all", "OperationNotFound"), ("sample_read_thing", "lab:lab", "InputInvalid")],
            lines.Select(static l => (l.Operation, l.Target, l.Error[..l.Error.IndexOf(':', StringComparison.Ordinal)])));
        Assert.All(lines, static l => Assert.Equal((AuditKind.Denied, "anna", "not begun"), (l.Kind, l.Identity, l.Result)));
    }

    [Fact]
    public async Task A_face_that_turns_somebody_away_writes_it_down_in_clean_words()
    {
        await using var bench = await GateBench.OpenAsync();
        await bench.Gate.RefuseAsync("mcp_call", "docker\u200B_stop\n" + new string('x', 500), "there is no such tool", new Caller(Face.Mcp, "claude"));
        var line = Assert.Single(await bench.AuditAsync());
        Assert.Equal((AuditKind.Denied, "mcp_call", "mcp", "claude", "there is no such tool"), (line.Kind, line.Operation, line.Trigger, line.Identity, line.Error));
        Assert.StartsWith("docker_stop x", line.Target, StringComparison.Ordinal);
        Assert.True(line.Target.Length <= 100);
    }
}
