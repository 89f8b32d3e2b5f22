using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>What containers of one engine share: volumes and networks.</summary>
internal sealed class DockerParts(DockerWire wire)
{
    private const string StackLabel = "com.docker.compose.project";

    // It walks through every volume; a slow disk with many files takes minutes.
    private static readonly TimeSpan s_counting = TimeSpan.FromMinutes(5);

    /// <summary>Its volumes. <c>GET /volumes</c>; <c>docker volume ls</c>.</summary>
    /// <param name="measure">True to have their sizes counted: <c>GET /system/df?type=volume</c>. Engines before API 1.42 count everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<IReadOnlyList<DockerVolume>> VolumesAsync(bool measure, CancellationToken cancellationToken)
    {
        var volumes = await wire.GetAsync("/volumes", DockerJson.Default.VolumesWire, cancellationToken).ConfigureAwait(false);
        var users = await UsersAsync(cancellationToken).ConfigureAwait(false);
        var sizes = measure ? await SizesAsync(cancellationToken).ConfigureAwait(false) : [];
        return
        [
            .. (volumes.Volumes ?? []).OfType<VolumeWire>().Where(static v => v.Name is { Length: > 0 }).OrderBy(static v => v.Name, StringComparer.Ordinal).Select(v => new DockerVolume
            {
                Name = v.Name!,
                Host = wire.Endpoint.Host,
                Driver = v.Driver ?? "",
                Mountpoint = v.Mountpoint ?? "",
                UsedBy = Names(users.Where(u => u.Mounts?.Any(m => m is { Type: "volume" } && m.Name == v.Name) is true)),
                Stack = v.Labels?.GetValueOrDefault(StackLabel),
                Size = sizes.TryGetValue(v.Name!, out var size) ? size : null,
                Created = Time(v.CreatedAt),
                Labels = Labels(v.Labels),
            }),
        ];
    }

    /// <summary>Its networks. <c>GET /networks</c>; <c>docker network ls</c>.</summary>
    internal async Task<IReadOnlyList<DockerNetwork>> NetworksAsync(CancellationToken cancellationToken)
    {
        var networks = await wire.GetAsync("/networks", DockerJson.Default.ListedNetworkWireArray, cancellationToken).ConfigureAwait(false);
        var users = await UsersAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. networks.OfType<ListedNetworkWire>().OrderBy(static n => n.Name, StringComparer.Ordinal).Select(n => new DockerNetwork
            {
                Name = n.Name ?? "",
                Host = wire.Endpoint.Host,
                Id = n.Id ?? "",
                Driver = n.Driver ?? "",
                Scope = n.Scope ?? "",
                Internal = n.Internal,
                Subnets = Ranges(n, static r => r.Subnet),
                Gateways = Ranges(n, static r => r.Gateway),
                Containers = Names(users.Where(u => IsIn(u, n))),
                Stack = n.Labels?.GetValueOrDefault(StackLabel),
                Created = Time(n.Created),
                Labels = Labels(n.Labels),
            }),
        ];
    }

    // Two networks may have one name: the id tells, where the container has ever been started.
    private static bool IsIn(UserWire user, ListedNetworkWire network) =>
        user.NetworkSettings?.Networks?.Any(n => n.Value?.NetworkId is { Length: > 0 } id ? id == network.Id : n.Key == network.Name) is true;

    private async Task<UserWire[]> UsersAsync(CancellationToken cancellationToken) =>
        [.. (await wire.GetAsync("/containers/json?all=1", DockerJson.Default.UserWireArray, cancellationToken).ConfigureAwait(false)).OfType<UserWire>()];

    private async Task<Dictionary<string, long>> SizesAsync(CancellationToken cancellationToken)
    {
        var usage = await wire.GetAsync("/system/df?type=volume", s_counting, DockerJson.Default.DiskUsageWire, cancellationToken).ConfigureAwait(false);
        // -1 for one that was not counted.
        return (usage.Volumes ?? []).OfType<VolumeSizeWire>().Where(static v => v is { Name: not null, UsageData.Size: >= 0 }).DistinctBy(static v => v.Name, StringComparer.Ordinal).ToDictionary(static v => v.Name!, static v => v.UsageData!.Size, StringComparer.Ordinal);
    }

    private static string[] Ranges(ListedNetworkWire network, Func<RangeWire, string?> part) => [.. (network.Ipam?.Config ?? []).OfType<RangeWire>().Select(part).Where(static p => !string.IsNullOrEmpty(p)).Select(static p => p!)];

    private static string[] Names(IEnumerable<UserWire> users) => [.. users.Select(static u => u.Names?.OfType<string>().FirstOrDefault()?.TrimStart('/') ?? "?").Order(StringComparer.Ordinal)];

    private static Dictionary<string, string> Labels(Dictionary<string, string?>? labels) => (labels ?? []).ToDictionary(static l => l.Key, static l => l.Value ?? "", StringComparer.Ordinal);

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
