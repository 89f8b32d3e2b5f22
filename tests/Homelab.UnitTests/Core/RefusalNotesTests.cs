namespace Homelab.UnitTests.Core;

/// <summary>What a flood of refused attempts leaves in the audit: enough to be found, and not more than can be read.</summary>
public sealed class RefusalNotesTests
{
    private static readonly Caller s_claude = new(Face.Mcp, "claude");

    [Fact]
    public async Task A_million_attempts_leave_the_first_ones_and_how_many_there_were()
    {
        await using var bench = await GateBench.OpenAsync();
        const int Attempts = 1_000_000;
        for (var i = 0; i < Attempts; i++) await TryAsync(bench);
        var lines = await bench.AuditAsync();
        // 2^19 is the last power of two among those that were counted.
        Assert.Equal(RefusalNotes.Most + 20, lines.Count);
        Assert.All(lines.Take(RefusalNotes.Most), static l => Assert.Equal("not begun", l.Result));
        Assert.Equal("not begun; from here on they are counted, and not each has a line", lines[RefusalNotes.Most].Result);
        Assert.Equal("not begun; number 524288 from 2026-03-04 12:00:00Z on, and not each has a line", lines[^1].Result);
        Assert.All(lines, static l => Assert.Equal((AuditKind.Denied, "mcp_request", "claude"), (l.Kind, l.Operation, l.Identity)));
    }

    [Fact]
    public async Task One_that_never_pauses_is_told_of_once_a_minute()
    {
        await using var bench = await GateBench.OpenAsync();
        for (var i = 0; i <= RefusalNotes.Most; i++) await TryAsync(bench);
        var before = (await bench.AuditAsync()).Count;
        for (var second = 0; second < 600; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await TryAsync(bench);
        }

        // Ten minutes, and what has doubled in the first of them.
        Assert.InRange((await bench.AuditAsync()).Count - before, 10, 20);
    }

    [Fact]
    public async Task After_a_pause_the_next_attempt_tells_of_all_before_it_and_is_a_line_of_its_own()
    {
        await using var bench = await GateBench.OpenAsync();
        for (var i = 0; i < RefusalNotes.Most + 777; i++) await TryAsync(bench);
        var before = (await bench.AuditAsync()).Count;
        bench.Time.Advance(RefusalNotes.Pause);
        for (var i = 0; i < 5; i++) await TryAsync(bench);
        var lines = (await bench.AuditAsync()).Skip(before).ToArray();
        Assert.Equal(5, lines.Length);
        Assert.Equal("not begun; before it there were 777 from 2026-03-04 12:00:00Z on, and not each has a line", lines[0].Result);
        Assert.All(lines.Skip(1), static l => Assert.Equal("not begun", l.Result));
    }

    [Fact]
    public async Task Whoever_begins_anew_after_each_pause_has_no_more_lines_than_ten_a_minute()
    {
        await using var bench = await GateBench.OpenAsync();
        for (var i = 0; i < 2_000; i++) await TryAsync(bench);
        var before = (await bench.AuditAsync()).Count;
        bench.Time.Advance(RefusalNotes.Pause);
        for (var i = 0; i < 2_000; i++) await TryAsync(bench);
        // Ten, and eleven in which what was counted has doubled.
        Assert.InRange((await bench.AuditAsync()).Count - before, 10, 25);
    }

    [Fact]
    public async Task A_flood_hides_neither_another_caller_nor_another_door()
    {
        await using var bench = await GateBench.OpenAsync();
        for (var i = 0; i < 3_000; i++) await TryAsync(bench);
        await bench.Gate.RefuseAsync("mcp_request", "x", "it is none", new Caller(Face.Mcp, "other"));
        await bench.Gate.RefuseAsync("mcp_request", "x", "it is none", new Caller(Face.Rest, "claude"));
        await bench.Gate.RefuseAsync("mcp_call", "x", "it is none", s_claude);
        Assert.Equal(["mcp:other mcp_request not begun", "rest:claude mcp_request not begun", "mcp:claude mcp_call not begun"], (await bench.AuditAsync()).TakeLast(3).Select(static l => $"{l.Trigger}:{l.Identity} {l.Operation} {l.Result}"));
    }

    [Fact]
    public async Task What_was_asked_for_is_written_down_without_secrets()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Redactor.Learn(new Secret("hush-hush-8812"));
        await bench.Gate.RefuseAsync("mcp_request", "POST /hooks/x/hush-hush-8812", "there is nothing at hush-hush-8812", s_claude);
        var line = Assert.Single(await bench.AuditAsync());
        Assert.DoesNotContain("hush-hush", line.Target + line.Error, StringComparison.Ordinal);
    }

    private static Task TryAsync(GateBench bench) => bench.Gate.RefuseAsync("mcp_request", "a line", "it is none", s_claude);
}
