using Homelab.Host.Web.Rest;
using Homelab.Tests;

namespace Homelab.SystemTests.Web.Rest;

/// <summary>What is remembered for the time when Proxmox cannot be reached, by a clock of the test's own.</summary>
public sealed class RestMemoryTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_answer_is_remembered_for_ten_minutes_and_says_how_old_it_is()
    {
        var last = new LastAnswer<string>(_time);
        Assert.False(last.TryRecall(out _, out _));
        last.Keep("old");
        _time.Advance(TimeSpan.FromMinutes(5));
        last.Keep("new");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(last.TryRecall(out var answer, out var age));
        Assert.Equal(("new", TimeSpan.FromMinutes(10)), (answer, age));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(last.TryRecall(out _, out _));
    }

    [Fact]
    public void A_guest_is_found_by_whatever_names_it_and_only_when_that_is_one()
    {
        var memory = new GuestMemory(_time);
        memory.Keep([Vm(100, "dev", "pve"), Vm(101, "dev", "pve2")]);
        _time.Advance(TimeSpan.FromSeconds(7));
        memory.Keep([Vm(102, "infra", "pve")]);
        Assert.Equal((100, TimeSpan.FromSeconds(7)), Recall("100"));
        Assert.Equal((102, TimeSpan.Zero), Recall("INFRA"));
        Assert.Equal((101, TimeSpan.FromSeconds(7)), Recall("pve2/dev"));
        Assert.Null(Recall("dev"));
        Assert.Null(Recall("pve/102x"));
        Assert.Null(Recall("pve2/100"));

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(Recall("100"));
        Assert.Equal((102, TimeSpan.FromMinutes(10)), Recall("102"));

        (int, TimeSpan)? Recall(string text) => memory.Recall(new VmRef(text)) is { } found ? (found.Vm.Vmid, found.Age) : null;
    }

    private static RestVm Vm(int id, string name, string node) => RestVm.Of(new Vm { Id = id, Name = name, Node = node, Kind = VmKind.Qemu, State = VmState.Running });
}
