using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>The engine itself.</summary>
internal sealed class DockerSystem(DockerWire wire)
{
    // It walks through every volume and layer; a slow disk with many files takes minutes.
    private static readonly TimeSpan s_counting = TimeSpan.FromMinutes(5);

    /// <summary>Whether it answers. <c>GET /_ping</c>.</summary>
    internal Task PingAsync(CancellationToken cancellationToken) => wire.PingAsync(cancellationToken);

    /// <summary><c>GET /version</c>; <c>docker version</c>.</summary>
    internal Task<VersionWire> VersionAsync(CancellationToken cancellationToken) => wire.GetAsync("/version", DockerJson.Default.VersionWire, cancellationToken);

    /// <summary><c>GET /info</c>; <c>docker info</c>.</summary>
    internal Task<InfoWire> InfoAsync(CancellationToken cancellationToken) => wire.GetAsync("/info", DockerJson.Default.InfoWire, cancellationToken);

    /// <summary>What everything takes on its disk. <c>GET /system/df</c>; <c>docker system df</c>.</summary>
    internal Task<DiskUsageWire> DiskUsageAsync(CancellationToken cancellationToken) => wire.GetAsync("/system/df", s_counting, DockerJson.Default.DiskUsageWire, cancellationToken);

    /// <summary>What images and the cache of builds take; nothing else is asked for. Engines before API 1.42 count everything all the same.</summary>
    internal Task<DiskUsageWire> ImageUsageAsync(CancellationToken cancellationToken) =>
        wire.GetAsync("/system/df?type=image&type=build-cache", s_counting, DockerJson.Default.DiskUsageWire, cancellationToken);

    /// <summary>Deletes images that no container is made from. <c>POST /images/prune</c>; <c>docker image prune</c>.</summary>
    /// <param name="all">False for those without a name only.</param>
    /// <param name="olderThan">Only those made longer ago than this; all when null.</param>
    /// <param name="timeout">How long the engine may take.</param>
    /// <param name="cancellationToken">Ends the wait, not the deleting.</param>
    internal Task<ImagesPrunedWire> PruneImagesAsync(bool all, TimeSpan? olderThan, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var dangling = all ? "false" : "true";
        return wire.PostAsync("/images/prune?filters=" + Filters($"\"dangling\":[\"{dangling}\"]", olderThan), timeout, DockerJson.Default.ImagesPrunedWire, cancellationToken);
    }

    /// <summary>Deletes what builds have left behind. <c>POST /build/prune</c>; <c>docker builder prune</c>. Parameters as for <see cref="PruneImagesAsync"/>.</summary>
    internal Task<CachePrunedWire> PruneBuildCacheAsync(bool all, TimeSpan? olderThan, TimeSpan timeout, CancellationToken cancellationToken) =>
        wire.PostAsync($"/build/prune?{(all ? "all=1&" : "")}filters=" + Filters("", olderThan), timeout, DockerJson.Default.CachePrunedWire, cancellationToken);

    // A span counts from the engine's own now, whatever our clock says.
    private static string Filters(string first, TimeSpan? olderThan)
    {
        var until = olderThan is { } age ? string.Create(CultureInfo.InvariantCulture, $"\"until\":[\"{(long)age.TotalSeconds}s\"]") : "";
        return Uri.EscapeDataString($"{{{first}{(first.Length > 0 && until.Length > 0 ? "," : "")}{until}}}");
    }
}
