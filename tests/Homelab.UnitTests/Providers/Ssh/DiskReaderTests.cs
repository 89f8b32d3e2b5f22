using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class DiskReaderTests
{
    private const string Mounts = """
        proc /proc proc rw,relatime 0 0
        /dev/sda1 / ext4 rw,relatime 0 0
        tmpfs /run tmpfs rw 0 0
        /dev/sda1 /var/lib/docker/volumes/x ext4 rw 0 0
        tank/media /tank btrfs rw 0 0
        nas:/tank /mnt/nas nfs4 rw 0 0

        """;

    [Fact]
    public void Numbers_are_bytes_and_a_device_is_told_once()
    {
        var (disks, problems) = Read("2 stat 4096 1000 400 300 5000 4000\n3 stat 4096 10 10 10 5 5\n4 stat 4096 1000 400 300 5000 4000\n5 stat 512 2000 2000 2000 0 0\n6 stat 1048576 100 5 5 0 0\n", all: false);
        Assert.Empty(problems);
        Assert.Equal(["/", "/tank", "/mnt/nas"], disks.Select(static d => d.Mount));
        var root = disks[0];
        Assert.Equal((4096L * 1000, 4096L * 600, 4096L * 300, 5000L, 1000L), (root.Size, root.Used, root.Available, root.Inodes, root.InodesUsed));
        Assert.Equal(600.0 / 900, root.Fraction);
        Assert.Equal(0.2, root.InodeFraction);
        // Made as they are needed, they are never used up.
        Assert.Null(disks[1].InodeFraction);
        Assert.Equal(0.0, disks[1].Fraction);
    }

    [Theory]
    [InlineData("/dev/root            60000  15000     45000  25% /", "/dev/root            60000   15000   45000   25% /")]
    [InlineData("a share with blanks 1 60000  15000     45000  25% /mnt/a b", "a share with blanks 1 60000 15000 45000 25% /mnt/a b")]
    public void Without_stat_the_words_of_df_are_read(string blocks, string inodes)
    {
        var (disks, _) = Read($"2 df {blocks}\n2 inodes {inodes}\n", all: false);
        var root = Assert.Single(disks);
        Assert.Equal((60000L * 1024, 15000L * 1024, 45000L * 1024, 60000L, 15000L), (root.Size, root.Used, root.Available, root.Inodes, root.InodesUsed));
        Assert.Equal(0.25, root.Fraction);
    }

    [Fact]
    public void A_file_system_beyond_its_limit_is_full() => Assert.Equal(1.0, Assert.Single(Read("2 df /dev/root 100 120 -20 100% /\n", all: false).Disks).Fraction);

    [Fact]
    public void What_could_not_be_measured_is_said()
    {
        var (disks, problems) = Read("2 stat 4096 1000 400 300 5000 4000\n5 fails df: /tank: Input/output error\n6 silent\n", all: false);
        Assert.Single(disks);
        Assert.Equal(["/tank: fails df: /tank: Input/output error", "/mnt/nas (nas:/tank) did not answer within 3s"], problems);
    }

    [Fact]
    public void All_are_told_where_all_are_asked_for() =>
        Assert.Equal(["/", "/run", "/var/lib/docker/volumes/x"], Read("2 stat 4096 1000 400 300 5000 4000\n3 stat 4096 10 10 10 5 5\n4 stat 4096 1000 400 300 5000 4000\n", all: true).Disks.Select(static d => d.Mount));

    private static (IReadOnlyList<HostDisk> Disks, IReadOnlyList<string> Problems) Read(string sizes, bool all) => DiskReader.Read(ToldHosts.Sections(("mounts", Mounts), ("sizes", sizes)), TimeSpan.FromSeconds(3), all);
}
