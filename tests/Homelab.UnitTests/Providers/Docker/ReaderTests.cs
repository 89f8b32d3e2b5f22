using System.Text.Json;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class ReaderTests
{
    [Fact]
    public void A_recorded_list_is_read()
    {
        var wire = JsonSerializer.Deserialize(Recorded.Read("list.json"), DockerJson.Default.ContainerListWireArray)!;

        var container = ContainerReader.Read(Assert.Single(wire), "dev");

        Assert.Equal("t1@dev", container.ToString());
        Assert.Equal(ContainerState.Running, container.State);
        Assert.Equal(ContainerHealth.Healthy, container.Health);
        Assert.Equal("bb:1", container.Image);
        Assert.Equal("1", container.Labels["hl"]);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795218017), container.Created);
    }

    [Fact]
    public void A_recorded_inspection_is_read()
    {
        var detail = Inspect("inspect-unhealthy.json");

        Assert.Equal("t1", detail.Name);
        Assert.Equal(ContainerHealth.Unhealthy, detail.Health);
        Assert.Equal(2, detail.FailingStreak);
        Assert.Equal("unless-stopped", detail.RestartPolicy);
        Assert.Equal(67108864, detail.MemoryLimit);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 23, 40, 18, TimeSpan.Zero).AddTicks(729709), detail.StartedAt);
        Assert.Equal(DateTimeOffset.MinValue, detail.FinishedAt);
        Assert.False(ContainerCheck.Of(detail).IsUp);
    }

    [Fact]
    public void A_container_without_a_health_check_has_no_health() => Assert.Equal(ContainerHealth.None, Inspect("inspect-t2.json").Health);

    [Fact]
    public void Unknown_words_are_never_taken_for_good()
    {
        var detail = Inspect("""{"Id":"ab","Name":"/x","State":{"Status":"thawing","Health":{"Status":"great"}}}"""u8);

        Assert.Equal(ContainerState.Unknown, detail.State);
        Assert.Equal(ContainerHealth.Unknown, detail.Health);
        Assert.False(ContainerCheck.Of(detail).IsUp);
    }

    [Theory]
    [InlineData("""{"Id":"ab","Name":"/x","State":{"Status":"running"}}""")]
    [InlineData("""{"Id":"ab","Name":"/x","State":{"Status":"running","Health":null},"Config":null,"HostConfig":null,"NetworkSettings":{"Ports":{"80/tcp":null,"81/tcp":[null]}}}""")]
    [InlineData("""{"Id":"ab","Name":"/x","State":{"Status":"running","Health":{"Status":"healthy","Log":[null]},"New":[1]},"Config":{"Labels":{"a":null}},"Extra":{}}""")]
    public void Missing_and_unknown_fields_do_no_harm(string json) => Assert.True(ContainerCheck.Of(Inspect(System.Text.Encoding.UTF8.GetBytes(json))).IsUp);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Id":"ab","Name":"/x"}""")]
    [InlineData("""{"Id":"ab","Name":"/x","State":{"Status":"running","StartedAt":"yesterday"}}""")]
    public void What_healing_depends_on_must_be_there(string json) => Assert.Throws<FormatException>(() => Inspect(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Ports_are_written_as_docker_ps_does()
    {
        var wire = JsonSerializer.Deserialize(
            """[{"Id":"ab","Names":["/web/db","/db"],"State":"running","Ports":[{"IP":"::","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},{"PrivatePort":9000,"Type":"udp"},{"IP":"127.0.0.1","PrivatePort":80,"PublicPort":81,"Type":"tcp"}]}]"""u8,
            DockerJson.Default.ContainerListWireArray)!;

        var container = ContainerReader.Read(wire[0], "dev");

        Assert.Equal(["127.0.0.1:81->80/tcp", "9000/udp", "[::]:8080->80/tcp"], container.Ports);
        Assert.Equal("db", container.Name);
    }

    [Fact]
    public void Usage_of_cgroup_v1_is_what_docker_stats_prints()
    {
        var usage = UsageReader.Read(JsonSerializer.Deserialize(Recorded.Read("stats.json"), DockerJson.Default.StatsWire)!, Some());

        // (84690051 - 66124555) / (2663450000000 - 2661460000000) * 2 * 100
        Assert.Equal(1.8658, usage.CpuPercent, 3);
        Assert.Equal(819200, usage.MemoryUsed);
        Assert.Equal(67108864, usage.MemoryLimit);
        Assert.Equal(2, usage.Processes);
    }

    [Fact]
    public void Usage_of_cgroup_v2_leaves_the_page_cache_out() =>
        Assert.Equal(700UL, UsageReader.MemoryUsed(new MemoryWire { Usage = 1000, Stats = new() { ["inactive_file"] = 300 } }));

    [Theory]
    [InlineData(1000, 2000)]
    [InlineData(1000, 1000)]
    public void A_page_cache_that_is_not_smaller_than_the_usage_is_not_taken_off(ulong usage, ulong cache) =>
        Assert.Equal(usage, UsageReader.MemoryUsed(new MemoryWire { Usage = usage, Stats = new() { ["total_inactive_file"] = cache } }));

    [Fact]
    public void Cores_are_counted_where_the_engine_does_not_tell_how_many_are_online()
    {
        var before = new CpuWire { Usage = new CpuUsageWire { Total = 100 }, System = 1000 };
        var now = new CpuWire { Usage = new CpuUsageWire { Total = 200, PerCpu = [1, 2, 3, 4] }, System = 2000 };

        Assert.Equal(40, UsageReader.CpuPercent(now, before), 6);
    }

    [Theory]
    [InlineData(100, 100, 1000, 2000)]
    [InlineData(100, 200, 2000, 2000)]
    [InlineData(200, 100, 1000, 2000)]
    public void No_progress_and_counters_that_went_back_are_no_usage(ulong usedBefore, ulong usedNow, ulong passedBefore, ulong passedNow)
    {
        var before = new CpuWire { Usage = new CpuUsageWire { Total = usedBefore }, System = passedBefore };
        var now = new CpuWire { Usage = new CpuUsageWire { Total = usedNow }, System = passedNow, Online = 2 };

        Assert.Equal(0, UsageReader.CpuPercent(now, before));
    }

    [Theory]
    [InlineData(ContainerState.Running, ContainerHealth.None, true)]
    [InlineData(ContainerState.Running, ContainerHealth.Healthy, true)]
    [InlineData(ContainerState.Running, ContainerHealth.Starting, false)]
    [InlineData(ContainerState.Running, ContainerHealth.Unhealthy, false)]
    [InlineData(ContainerState.Running, ContainerHealth.Unknown, false)]
    [InlineData(ContainerState.Paused, ContainerHealth.Healthy, false)]
    [InlineData(ContainerState.Restarting, ContainerHealth.None, false)]
    [InlineData(ContainerState.Exited, ContainerHealth.None, false)]
    [InlineData(ContainerState.Unknown, ContainerHealth.Healthy, false)]
    public void Only_what_runs_and_is_not_ill_is_up(ContainerState state, ContainerHealth health, bool up)
    {
        var check = ContainerCheck.Of(Some() with { State = state, Health = health });

        Assert.Equal(up, check.IsUp);
        Assert.NotEmpty(check.Reason);
    }

    [Fact]
    public void A_mark_is_read_as_it_was_written()
    {
        var mark = ContainerMark.Of(Some() with { StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(7) });

        Assert.Equal(mark, ContainerMark.Read(mark.ToString()));
        Assert.Null(ContainerMark.Read("something else"));
        Assert.Null(ContainerMark.Read(null));
    }

    private static ContainerDetail Some() => new() { Name = "x", Host = "dev", Id = "ab", Image = "i", State = ContainerState.Running, Health = ContainerHealth.None };

    private static ContainerDetail Inspect(string name) => Inspect(Recorded.Read(name));

    private static ContainerDetail Inspect(ReadOnlySpan<byte> json) => ContainerReader.Read(JsonSerializer.Deserialize(json, DockerJson.Default.ContainerInspectWire)!, "dev");
}
