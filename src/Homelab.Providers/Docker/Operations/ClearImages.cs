using System.ComponentModel;
using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Deletes images that no container is made from, and what builds have left behind. Never a volume, nor a container.</summary>
/// <remarks>Engine API: <c>POST /images/prune</c>, <c>POST /build/prune</c>, and <c>GET /system/df</c> before and after. The CLI's <c>docker image prune</c> and <c>docker builder prune</c>.</remarks>
[Operation("docker_prune_images", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Interrupts = false, Patience = "70m")]
[Description("Deletes images that no container is made from: those without a name, or with all also the others. Never volumes or containers. Tells what was deleted and how much is free now, as measured.")]
[Example("Clear-HlImage dev", "Delete the images without a name on one host.")]
[Example("Clear-HlImage dev -All -OlderThan 7d -BuildCache", "Delete every image that no container uses and is older than a week, and such caches of builds.")]
public sealed class ClearImages(DockerEngines engines) : Change<ClearImages.Input, ImageCleanup>
{
    private const int LongestName = 300;

    /// <summary>What to delete.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host whose engine it is, as the lab file names it.")]
        public required string Host { get; init; }

        /// <summary>Those with a name too.</summary>
        [Description("Also images that have a name, where no container, running or not, is made from them: they are pulled again when they are needed.")]
        public bool All { get; init; }

        /// <summary>Only old ones.</summary>
        [Description("Only what was made longer ago than this, such as 7d."), DurationRange("1s", "3650d")]
        public TimeSpan? OlderThan { get; init; }

        /// <summary>The cache of builds too.</summary>
        [Description("Also what builds keep to be faster the next time.")]
        public bool BuildCache { get; init; }

        /// <summary>How long it may take.</summary>
        [Description("How long the engine may take for each of the two."), DurationRange("10s", "30m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        var what = input.All ? "Delete images that no container uses" : "Delete images without a name";
        if (input.OlderThan is { } age) what += $", older than {Duration.Format(age)}";
        return new Intent(what + (input.BuildCache ? ", and caches of builds" : ""), EngineTarget.Of(input.Host));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var engine = engines.On(input.Host);
        var size = await SizeAsync(engine, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Host = engine.Host }, size.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    protected override async Task<ImageCleanup> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var engine = engines.On(input.Host);
        var activity = $"Clearing images on {input.Host}";
        context.Report(activity, "measuring");
        var before = await SizeAsync(engine, cancellationToken).ConfigureAwait(false);
        context.Report(activity, "deleting images");
        var images = await engine.System.PruneImagesAsync(input.All, input.OlderThan, input.Timeout, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var caches = new CachePrunedWire();
        if (input.BuildCache)
        {
            context.Report(activity, "deleting caches of builds");
            caches = await engine.System.PruneBuildCacheAsync(input.All, input.OlderThan, input.Timeout, cancellationToken).ConfigureAwait(false);
        }

        context.Report(activity, "measuring again");
        var left = await engine.System.ImageUsageAsync(cancellationToken).ConfigureAwait(false);
        DemandGone(images, left, input.Host);
        return new ImageCleanup
        {
            Host = input.Host,
            Deleted = [.. (images.ImagesDeleted ?? []).OfType<ImageDeletedWire>().Select(static d => ForeignText.Clean(d.Untagged ?? d.Deleted ?? "", LongestName)).Where(static d => d.Length > 0)],
            CachesDeleted = caches.CachesDeleted?.Length ?? 0,
            SizeBefore = before,
            SizeAfter = SpaceReader.OfImages(left),
            Reported = images.SpaceReclaimed + caches.SpaceReclaimed,
        };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (!long.TryParse(mark, NumberStyles.None, CultureInfo.InvariantCulture, out var before)) return Settlement.Unknown;
        var now = await SizeAsync(engines.On(input.Host), cancellationToken).ConfigureAwait(false);
        // What grew may have been cleared and filled again. Where nothing was to be deleted, not having begun is the same.
        return now < before ? Settlement.Happened : now == before ? Settlement.DidNotHappen : Settlement.Unknown;
    }

    private static async Task<long> SizeAsync(DockerClient engine, CancellationToken cancellationToken) =>
        SpaceReader.OfImages(await engine.System.ImageUsageAsync(cancellationToken).ConfigureAwait(false));

    private static void DemandGone(ImagesPrunedWire pruned, DiskUsageWire left, string host)
    {
        var kept = (left.Images ?? []).OfType<ImageSizeWire>().Select(static i => i.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if ((pruned.ImagesDeleted ?? []).OfType<ImageDeletedWire>().FirstOrDefault(d => d.Deleted is { } id && kept.Contains(id)) is not { } still) return;
        throw new HomelabException(
            ErrorKind.Failed,
            "ImageNotDeleted",
            $"Docker on {host} said that image {ForeignText.Clean(still.Deleted!, LongestName)} was deleted, but it is still there. Run Get-HlDockerSpace {host}, and look whether something pulls it again.",
            host);
    }
}
