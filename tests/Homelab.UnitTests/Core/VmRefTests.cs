using System.Text.Json;

namespace Homelab.UnitTests.Core;

/// <summary>How people, programs and approvals name a guest.</summary>
public sealed class VmRefTests
{
    [Theory]
    [InlineData("dev", null, "dev", null)]
    [InlineData("100", 100, null, null)]
    [InlineData("pve1/100", 100, null, "pve1")]
    [InlineData("pve1/dev", null, "dev", "pve1")]
    [InlineData("dev@pve1", null, "dev", "pve1")]
    [InlineData("100@pve1", 100, null, "pve1")]
    [InlineData("pve1/100 (dev)", 100, "dev", "pve1")]
    [InlineData("web-01.lan", null, "web-01.lan", null)]
    public void Every_form_is_read(string text, int? id, string? name, string? node)
    {
        var vm = new VmRef(text);
        Assert.Equal((id, name, node), (vm.Id, vm.Name, vm.Node));
        Assert.Equal(vm, new VmRef(vm.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-rf")]
    [InlineData("../100")]
    [InlineData("pve1/../100")]
    [InlineData("a b")]
    [InlineData("dev\n")]
    [InlineData("pve1/dev@pve2")]
    [InlineData("dév")]
    [InlineData("pve1/100 (d;v)")]
    public void What_names_no_guest_is_refused_with_the_forms_that_do(string text)
    {
        var e = Assert.Throws<FormatException>(() => new VmRef(text));
        Assert.Contains(text.Trim(), e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99")]
    [InlineData("1000000000")]
    [InlineData("99999999999999999999")]
    public void Digits_beyond_what_Proxmox_gives_are_no_VMID(string text) =>
        Assert.Contains("VMID", Assert.Throws<FormatException>(() => new VmRef(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_listed_guest_is_named_in_full()
    {
        var vm = new Vm { Id = 100, Name = "dev", Node = "pve1", Kind = VmKind.Qemu, State = VmState.Running };
        Assert.Equal("pve1/100 (dev)", new VmRef(vm).ToString());
        Assert.Equal("pve1/100 (dev)", vm.ToString());
    }

    [Theory]
    [InlineData("VM 100")]
    [InlineData("dev\e[31m")]
    [InlineData("100")]
    public void A_name_that_could_not_be_read_back_is_left_out(string name) =>
        Assert.Equal("pve1/100", new VmRef(new Vm { Id = 100, Name = name, Node = "pve1", Kind = VmKind.Qemu, State = VmState.Running }).ToString());

    [Fact]
    public void Json_may_hold_a_VMID_as_a_number() => Assert.Equal(new VmRef("100"), JsonSerializer.Deserialize<VmRef>("100", HomelabJson.Options));

    [Fact]
    public void A_task_is_read_from_its_UPID()
    {
        var task = new TaskRef("UPID:pve:000010C4:0006078F:6B00E49D:qmstart:110:root@pam!lab:");
        Assert.Equal(("pve", "qmstart", "110", "root@pam!lab"), (task.Node, task.Type, task.Subject, task.User));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 23, 57, TimeSpan.Zero), task.StartedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPID")]
    [InlineData("UPID:../etc:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:")]
    [InlineData("UPID:pve:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:/../..")]
    public void What_is_no_UPID_is_refused(string text) => Assert.Throws<FormatException>(() => new TaskRef(text));
}
