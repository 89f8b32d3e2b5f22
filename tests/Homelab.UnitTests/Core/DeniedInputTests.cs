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
}
