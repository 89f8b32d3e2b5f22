using Homelab.Lab.TrueNas;

namespace Homelab.UnitTests.Providers.TrueNas;

/// <summary>Snapshots of datasets: made once, seen afterwards, and known again when the answer was lost.</summary>
public sealed class TrueNasSnapshotTests
{
    public static TheoryData<TrueNasRelease> Releases => [.. Enum.GetValues<TrueNasRelease>()];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_snapshot_is_made_and_seen(TrueNasRelease release)
    {
        await using var bench = await TrueNasBench.StartAsync(release);
        var made = await bench.SnapshotAsync("tank/media", "before-upgrade");
        Assert.Equal(("tank/media", "before-upgrade", 0), (made.Dataset, made.Name, made.Below));
        Assert.NotNull(made.Created);
        Assert.Equal("tank/media@before-upgrade", Assert.Single(bench.Nas.Snapshots, static s => s.Name == "before-upgrade").Id);
        Assert.Equal("dataset:tank/media", Assert.Single(bench.Desk.Store.Changes).Target);
        var listed = await bench.Desk.QueryAsync<DatasetSnapshot>("truenas_list_snapshots", new { dataset = "tank/media" });
        Assert.Equal(["before-upgrade", "auto-2026-11-20_00-00"], listed.Select(static s => s.Name));
        Assert.Equal("before-upgrade", Assert.Single(await bench.Desk.QueryAsync<DatasetSnapshot>("truenas_list_snapshots", new { name = "before-*" })).Name);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task One_of_all_below_it_is_seen_on_each(TrueNasRelease release)
    {
        await using var bench = await TrueNasBench.StartAsync(release);
        Assert.Equal(4, (await bench.SnapshotAsync("tank", "whole", recursive: true)).Below);
        Assert.Equal(5, bench.Nas.Snapshots.Count(static s => s.Name == "whole"));
    }

    [Theory]
    [InlineData("tank/media", false)]
    [InlineData("tank", true)]
    public async Task A_name_that_is_taken_changes_nothing(string dataset, bool recursive)
    {
        await using var bench = await TrueNasBench.StartAsync();
        await bench.SnapshotAsync("tank/media", "once");
        var before = bench.Nas.Calls.Count(static c => c.EndsWith(".create", StringComparison.Ordinal));
        var error = await bench.SnapshotFailsAsync(dataset, "once", recursive);
        Assert.Equal(("DatasetSnapshotExists", ErrorKind.Conflict, true), (error.Id, error.Kind, error.NothingHappened));
        Assert.Contains("tank/media@once", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, bench.Nas.Calls.Count(static c => c.EndsWith(".create", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_dataset_that_is_not_there_is_told_before_anything_is_asked()
    {
        await using var bench = await TrueNasBench.StartAsync();
        Assert.Equal("DatasetNotFound", (await bench.SnapshotFailsAsync("tank/meida", "x")).Id);
        Assert.DoesNotContain(bench.Nas.Calls, static c => c.EndsWith(".create", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tank/media", "a b")]
    [InlineData("tank/media", "a@b")]
    [InlineData("tank/media", "-r")]
    [InlineData("tank/media", "")]
    [InlineData("tank/../etc/", "x")]
    [InlineData("tank@x", "x")]
    [InlineData("/tank", "x")]
    public async Task A_name_that_is_none_goes_nowhere(string dataset, string name)
    {
        await using var bench = await TrueNasBench.StartAsync();
        await Assert.ThrowsAsync<InputException>(() => bench.Desk.TryAsync("truenas_create_snapshot", new { dataset, name }));
        Assert.Empty(bench.Nas.Calls);
    }

    [Theory]
    [InlineData(TrueNasRelease.V2410)]
    [InlineData(TrueNasRelease.V2510)]
    public async Task An_ok_after_which_it_is_not_there_is_a_failure(TrueNasRelease release)
    {
        await using var bench = await TrueNasBench.StartAsync(release);
        bench.Nas.Ignore = release == TrueNasRelease.V2410 ? "zfs.snapshot.create" : "pool.snapshot.create";
        Assert.Equal("DatasetSnapshotNotSeen", (await bench.SnapshotFailsAsync("tank/media", "ghost")).Id);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Theory]
    [InlineData(TrueNasRelease.V2410, "zfs.snapshot.create")]
    [InlineData(TrueNasRelease.V2510, "pool.snapshot.create")]
    public async Task A_lost_answer_is_settled_by_a_look(TrueNasRelease release, string method)
    {
        await using var bench = await TrueNasBench.StartAsync(release);
        bench.Nas.LoseAnswerTo = method;
        Assert.IsType<GateOutcome.Done>(await bench.Desk.TryAsync("truenas_create_snapshot", new { dataset = "tank/media", name = "lost" }));
        Assert.Single(bench.Nas.Snapshots, static s => s.Name == "lost");
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Theory]
    [InlineData(TrueNasRelease.V2410, "zfs.snapshot.create")]
    [InlineData(TrueNasRelease.V2510, "pool.snapshot.create")]
    public async Task A_connection_that_is_cut_before_it_is_done_is_not_asked_twice(TrueNasRelease release, string method)
    {
        await using var bench = await TrueNasBench.StartAsync(release);
        bench.Nas.CutOffAt = method;
        Assert.Equal("TrueNasUnreachable", (await bench.SnapshotFailsAsync("tank/media", "cut")).Id);
        Assert.DoesNotContain(bench.Nas.Snapshots, static s => s.Name == "cut");
        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Desk.Store.Changes).Status);
        Assert.Single(bench.Nas.Calls, static c => c.EndsWith(".create", StringComparison.Ordinal) || c.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TrueNasRelease.V2410, "zfs.snapshot.create")]
    [InlineData(TrueNasRelease.V2510, "pool.snapshot.create")]
    public async Task A_key_that_may_only_read_has_made_nothing(TrueNasRelease release, string method)
    {
        await using var bench = await TrueNasBench.StartAsync(release);
        bench.Nas.Forbidden.Add(method);
        var error = await bench.SnapshotFailsAsync("tank/media", "x");
        Assert.Equal(("TrueNasRightsMissing", ErrorKind.Denied), (error.Id, error.Kind));
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Desk.Store.Changes).Status);
    }

    [Fact]
    public async Task A_machine_needs_a_persons_yes()
    {
        await using var bench = await TrueNasBench.StartAsync();
        var held = Assert.IsType<GateOutcome.Waiting>(await bench.Desk.TryAsync("truenas_create_snapshot", new { dataset = "tank/media", name = "x" }, ApplianceDesk.Machine));
        Assert.Equal(Requirement.Ask, held.Decision.Verdict);
        Assert.DoesNotContain(bench.Nas.Snapshots, static s => s.Name == "x");
    }
}
