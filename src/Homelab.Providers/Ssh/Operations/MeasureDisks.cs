using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Measures how full the file systems of hosts are, in bytes and inodes.</summary>
/// <remarks><c>/proc/mounts</c>, then <c>stat -f</c>, else <c>df</c>, of each over SSH. A share whose server is silent is left alone after some seconds and told as an error.</remarks>
[Operation("host_disk_usage", Level.Monitor, Risk.Read)]
[Description("Measures how full the file systems of hosts are: size, used, available in bytes, inodes, and the fraction that is used.")]
[Example("Get-HlHostDisk nas", "Measure the disks of one host.")]
[Example("Get-HlHostDisk | Where-Object Fraction -gt 0.9", "Find what is nearly full in the whole lab.")]
public sealed class MeasureDisks(IRemoteHosts hosts) : Query<MeasureDisks.Input, HostDisk>
{
    /// <summary>Which file systems.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }

        /// <summary>All of them.</summary>
        [Description("Also those in memory, read-only images, and the same device in other places.")]
        public bool All { get; init; }

        /// <summary>How long a share may be silent.</summary>
        [Description("How long the server of a share may be silent."), DurationRange("1s", "20s")]
        public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Measure disks", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostDisk> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var disk in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return disk;

        async Task<HostAnswer<HostDisk>> AskAsync(string host, CancellationToken ending)
        {
            var seconds = Math.Ceiling(input.Patience.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            var (disks, problems) = DiskReader.Read(await DiskReader.Script.RunAsync(hosts, host, ending, seconds).ConfigureAwait(false), input.Patience, input.All);
            return new HostAnswer<HostDisk>(disks, problems.Count == 0 ? null : NotMeasured(host, problems));
        }
    }

    private static HomelabException NotMeasured(string host, IReadOnlyList<string> problems) => HostErrors.Make(
        ErrorKind.Failed, "DiskNotMeasured", $"Not all file systems of {host} could be measured: {string.Join("; ", problems)}.", $"Run Get-HlHostMount {host} to see which servers answer.", host);
}
