using Homelab.Providers.Ssh;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>One host, some, or all, asked at once.</summary>
public sealed class HostRoundTests
{
    private const string Memory = "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n";

    private readonly ToldHosts _hosts = new("dev", "infra", "nas");

    public HostRoundTests() => _hosts.Answer = static (h, c) => ToldHosts.Told(h, c, ("memory", Memory));

    [Theory]
    [InlineData(null, "dev infra nas")]
    [InlineData("*a*", "infra nas")]
    [InlineData("NAS", "nas")]
    [InlineData("x*", "")]
    public async Task A_name_chooses_and_a_pattern_that_fits_none_is_no_error(string? host, string expected) =>
        Assert.Equal(expected, string.Join(' ', (await AskAsync(host)).Select(static m => m.Host).Order(StringComparer.Ordinal)));

    [Fact]
    public async Task A_host_that_fails_does_not_keep_the_others_from_being_told()
    {
        _hosts.Answer = static (h, c) => h == "infra" ? throw Unreachable(h) : ToldHosts.Told(h, c, ("memory", Memory));
        var told = new List<HostMemory>();
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(null, told));
        Assert.Equal(["dev", "nas"], told.Select(static m => m.Host).Order(StringComparer.Ordinal));
        Assert.Equal(("SshUnreachable", "infra"), (e.Id, e.Target));
    }

    [Fact]
    public async Task Several_failures_are_one_that_names_each()
    {
        _hosts.Answer = static (h, c) => h == "dev" ? ToldHosts.Told(h, c, ("memory", Memory)) : throw Unreachable(h);
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(null));
        Assert.Equal((ErrorKind.Unavailable, "SshUnreachable"), (e.Kind, e.Id));
        Assert.Equal("infra is silent. nas is silent.", e.Message);
    }

    [Fact]
    public async Task A_lab_without_a_host_to_log_in_to_says_what_to_set()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => new QueryDesk().AskAsync<HostMemory>([new MeasureMemory(new ToldHosts())], "host_memory", new { }, TestContext.Current.CancellationToken));
        Assert.Equal((ErrorKind.NotFound, "SshHostNotFound"), (e.Kind, e.Id));
        Assert.Contains("hosts.<name>.ssh.user", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_the_lab_does_not_know_is_for_the_way_to_it_to_refuse() =>
        Assert.Equal("HostNotFound", (await Assert.ThrowsAsync<HomelabException>(() => AskAsync("nsa"))).Id);

    private async Task<IReadOnlyList<HostMemory>> AskAsync(string? host, List<HostMemory>? told = null)
    {
        var items = told ?? [];
        var gate = HostBench.Gate(new LabDefinition(), TimeProvider.System, new Support.MemoryGateStore(), new MeasureMemory(_hosts));
        var request = new GateRequest { Operation = "host_memory", Input = new MeasureMemory.Input { Host = host }, Caller = HostBench.Person };
        await foreach (var item in gate.QueryAsync(request, TestContext.Current.CancellationToken)) items.Add((HostMemory)item);
        return items;
    }

    private static HomelabException Unreachable(string host) => new(ErrorKind.Unavailable, "SshUnreachable", $"{host} is silent.", host) { NothingHappened = true };
}
