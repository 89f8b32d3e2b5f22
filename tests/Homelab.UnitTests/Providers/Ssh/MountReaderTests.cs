using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class MountReaderTests
{
    private const string Mounts = """
        proc /proc proc rw,relatime 0 0
        /dev/sda1 / ext4 ro,relatime,errors=remount-ro 0 0
        tmpfs /tmp tmpfs rw 0 0
        nas:/tank/media /mnt/my\040media nfs4 rw,vers=4.2,addr=10.0.0.5 0 0
        //nas/back\134up /mnt/backup cifs rw,addr=10.0.0.5 0 0
        anna@far:/home /mnt/far fuse.sshfs rw 0 0
        [fd00::5]:/x /mnt/six nfs rw 0 0
        10.0.0.6:/y /mnt/hidden nfs rw 0 0
        /dev/sdb1 /mnt/hidden ext4 rw 0 0

        """;

    [Fact]
    public void Shares_say_their_server_and_whether_it_answers()
    {
        var looks = "4 answers\n5 silent\n6 fails stat: cannot read file system information for '/mnt/far': Transport endpoint is not connected\n7 fails stat: cannot read file system information for '/mnt/six': Stale file handle\n";
        var mounts = Read(looks);
        Assert.Equal(["/", "/mnt/my media", "/mnt/backup", "/mnt/far", "/mnt/six", "/mnt/hidden"], mounts.Select(static m => m.Mount));
        Assert.Equal(["", "nas", "nas", "far", "fd00::5", ""], mounts.Select(static m => m.Server));
        Assert.Equal([MountState.Mounted, MountState.Answers, MountState.Stale, MountState.Stale, MountState.Stale, MountState.Mounted], mounts.Select(static m => m.State));
        Assert.Equal(["", "", "no answer within 3s", "Transport endpoint is not connected", "Stale file handle", ""], mounts.Select(static m => m.Problem));
        Assert.Equal([true, false, false, false, false, false], mounts.Select(static m => m.ReadOnly));
        Assert.Equal("//nas/back\\up", mounts[2].Source);
        Assert.Equal("/dev/sdb1", mounts[5].Source);
    }

    [Fact]
    public void A_share_that_the_kernel_hides_from_us_is_not_known() =>
        Assert.Equal((MountState.Unknown, "Permission denied"), Read("6 fails stat: cannot read file system information for '/mnt/far': Permission denied\n").Where(static m => m.Mount == "/mnt/far").Select(static m => (m.State, m.Problem)).Single());

    [Fact]
    public void A_share_that_was_not_looked_at_is_not_known() => Assert.All(Read("").Where(static m => m.Server.Length > 0), static m => Assert.Equal(MountState.Unknown, m.State));

    [Fact]
    public void All_are_told_where_all_are_asked_for() =>
        Assert.Equal(8, MountReader.Read(ToldHosts.Sections(("mounts", Mounts), ("looks", "")), TimeSpan.FromSeconds(3), all: true).Count);

    [Theory]
    [InlineData(@"/a\040b", "/a b")]
    [InlineData(@"/a\011b\012c\134d", "/a\tb\nc\\d")]
    [InlineData(@"/a\04", @"/a\04")]
    [InlineData(@"/a\999", @"/a\999")]
    public void What_the_kernel_writes_in_octal_is_read(string text, string plain) => Assert.Equal(plain, MountTable.Decode(text));

    private static IReadOnlyList<HostMount> Read(string looks) => MountReader.Read(ToldHosts.Sections(("mounts", Mounts), ("looks", looks)), TimeSpan.FromSeconds(3), all: false);
}
