using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>What apt 2.6, dnf 4.14, zypper 1.14 and pacman 6.0 were recorded to print; apk and opkg as their sources write it.</summary>
public sealed class UpdateReaderTests
{
    [Fact]
    public void Apt_marks_what_comes_from_an_archive_of_security()
    {
        var updates = Read("apt", """
            Reading package lists...
            Building dependency tree...
            The following packages will be upgraded:
              libssl3 python3-jwt
            Inst libssl3 [3.0.11-1~deb12u2] (3.0.15-1~deb12u1 Debian:12.8/stable [amd64])
            Inst python3-jwt [2.6.0-1] (2.6.0-1+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [all]) []
            Inst linux-image-6.1.0-21-amd64 (6.1.90-1 Debian-Security:12/stable-security [amd64])
            Conf libssl3 (3.0.15-1~deb12u1 Debian:12.8/stable [amd64])
            """);
        Assert.Equal(
            ["libssl3 3.0.11-1~deb12u2 3.0.15-1~deb12u1 amd64 False", "python3-jwt 2.6.0-1 2.6.0-1+deb12u1 all True", "linux-image-6.1.0-21-amd64  6.1.90-1 amd64 True"],
            updates.Select(static u => $"{u.Package} {u.Installed} {u.Available} {u.Architecture} {u.Security}"));
        Assert.All(updates, static u => Assert.Equal(("apt", DateTimeOffset.FromUnixTimeSeconds(1795257454), "dev"), (u.Tool, u.ListsAt, u.Host)));
        Assert.Equal("Debian:12.15/oldstable, Debian-Security:12/oldstable-security", updates[1].Origin);
    }

    [Fact]
    public void Dnf_is_read_by_threes_and_its_list_of_security_marks_them()
    {
        const string list = """

            a-very-long-package-name-for-a-test-of-wrapping-in-columns-of-the-tool.noarch 2.0-1 t
            hello.noarch                                                                  1.1-1 t
            python3.11-a-name-that-is-wrapped.x86_64
                                       3.11.7-1.el9      appstream
            Obsoleting Packages
            new.noarch                 1-1               t
                old.noarch             0-1               @System
            """;
        var updates = Read("dnf", list, "100", "\nhello.noarch                               1.1-1                               t\n", "100");
        Assert.Equal(
            ["a-very-long-package-name-for-a-test-of-wrapping-in-columns-of-the-tool noarch 2.0-1 t False", "hello noarch 1.1-1 t True", "python3.11-a-name-that-is-wrapped x86_64 3.11.7-1.el9 appstream False"],
            updates.Select(static u => $"{u.Package} {u.Architecture} {u.Available} {u.Origin} {u.Security}"));
        Assert.All(Read("yum", "hello.noarch 1.1-1 t\n", "100", "Error: no such option: --security\n", "1"), static u => Assert.Null(u.Security));
    }

    [Fact]
    public void Zypper_is_read_from_its_XML()
    {
        var update = Assert.Single(Read("zypper", """
            <?xml version='1.0'?>
            <stream>
            <message type="info">Loading repository data...</message>
            <update-status version="0.6">
            <update-list>
            <update kind="package" name="hello" edition="1.1-1" arch="noarch" edition-old="1.0-1"><summary>test</summary><description>test</description><license/><source url="file:/repo" alias="t"/></update>
            <update kind="patch" name="TEST-2026-1" edition="1" arch="noarch"><source url="file:/repo" alias="t"/></update></update-list>
            </update-status>
            </stream>
            """));
        Assert.Equal(("hello", "1.0-1", "1.1-1", "noarch", "t", null), (update.Package, update.Installed, update.Available, update.Architecture, update.Origin, update.Security));
    }

    [Theory]
    [InlineData("pacman", "hello 1.0-1 -> 1.1-1\n", "0", "hello 1.0-1 1.1-1")]
    [InlineData("pacman", "linux 6.6.1.arch1-1 -> 6.6.2.arch1-1 [ignored]\n", "0", "linux 6.6.1.arch1-1 6.6.2.arch1-1")]
    [InlineData("pacman", "", "1", "")]
    [InlineData("apk", "WARNING: opening /x: No such file\nbusybox-1.36.1-r31 x86_64 {busybox} (GPL-2.0-only) [upgradable from: busybox-1.36.1-r29]\n", "0", "busybox 1.36.1-r29 1.36.1-r31")]
    [InlineData("apk", "ca-certificates-bundle-20241121-r1 aarch64 {ca-certificates} (MPL-2.0 AND MIT) [upgradable from: ca-certificates-bundle-20240705-r0]\n", "0", "ca-certificates-bundle 20240705-r0 20241121-r1")]
    [InlineData("opkg", "base-files - 1550-r23630 - 1562-r24106\n", "0", "base-files 1550-r23630 1562-r24106")]
    [InlineData("dnf", "", "0", "")]
    public void The_smaller_families_are_read_by_their_lines(string tool, string list, string code, string expected) =>
        Assert.Equal(expected, string.Join(", ", Read(tool, list, code).Select(static u => $"{u.Package} {u.Installed} {u.Available}")));

    [Theory]
    [InlineData("apt", "Inst what is this\n", "0", "HostAnswerUnreadable", "Inst what is this")]
    [InlineData("apt", "E: Unmet dependencies. Try 'apt --fix-broken install'\n", "100", "UpdatesNotTold", "Unmet dependencies")]
    [InlineData("dnf", "Error: Cache-only enabled but no cache for 'fedora'\n", "1", "UpdatesNotTold", "Cache-only enabled")]
    [InlineData("dnf", "one two\n", "100", "HostAnswerUnreadable", "no threes")]
    [InlineData("pacman", "error: failed to init\n", "1", "UpdatesNotTold", "failed to init")]
    [InlineData("zypper", "not xml", "0", "HostAnswerUnreadable", "zypper's XML")]
    [InlineData("opkg", "hello\n", "0", "HostAnswerUnreadable", "opkg's line 'hello'")]
    public void What_cannot_be_read_is_an_error_and_no_empty_list(string tool, string list, string code, string id, string says)
    {
        var e = Assert.Throws<HomelabException>(() => Read(tool, list, code));
        Assert.Equal((ErrorKind.Failed, id), (e.Kind, e.Id));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_that_were_never_fetched_prove_nothing()
    {
        var e = Assert.Throws<HomelabException>(() => UpdateReader.Read(ToldHosts.Sections(("tool", "apk\n"), ("lists", ""), ("list", ""), ("code", "0\n"))));
        Assert.Equal((ErrorKind.Failed, "UpdateListsMissing"), (e.Kind, e.Id));
        Assert.Contains("'apk update', as root", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_a_tool_says_so() => Assert.Equal("PackageToolNotFound", Assert.Throws<HomelabException>(() => UpdateReader.Read(ToldHosts.Sections())).Id);

    [Fact]
    public async Task Lists_that_are_too_old_are_told_with_an_error_after_them()
    {
        var hosts = new ToldHosts("dev") { Answer = static (h, c) => ToldHosts.Told(h, c, ("tool", "pacman\n"), ("lists", "1700000000\n"), ("list", "hello 1.0-1 -> 1.1-1\n"), ("code", "0\n")) };
        var gate = HostBench.Gate(new LabDefinition(), TimeProvider.System, new Support.MemoryGateStore(), new ListUpdates(hosts));
        var told = new List<HostUpdate>();
        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var item in gate.QueryAsync(new GateRequest { Operation = "host_updates", Input = new ListUpdates.Input(), Caller = HostBench.Person }, TestContext.Current.CancellationToken)) told.Add((HostUpdate)item);
        });
        Assert.Equal("hello", Assert.Single(told).Package);
        Assert.Equal("UpdateListsOld", e.Id);
        Assert.Contains("pacman -Sy", e.WayOut, StringComparison.Ordinal);
    }

    private static IReadOnlyList<HostUpdate> Read(string tool, string list, string code = "0", string security = "", string securityCode = "") =>
        UpdateReader.Read(ToldHosts.Sections(("tool", tool + "\n"), ("lists", "1795255311\n1795257454\n"), ("list", list), ("code", code + "\n"), ("security", security), ("securitycode", securityCode + "\n"))).Updates;
}
