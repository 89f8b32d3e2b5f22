using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Docker;

public sealed partial class SimulatedDockerEngine
{
    private static readonly string[] s_pruneFilters = ["dangling", "until"];

    private readonly List<SimulatedImage> _images = [];
    private readonly List<SimulatedVolume> _volumes = [];
    private readonly List<SimulatedCache> _caches = [];

    /// <summary>Its images, besides those that containers are said to be made from.</summary>
    public IReadOnlyList<SimulatedImage> Images
    {
        get
        {
            lock (_lock) return [.. _images];
        }
    }

    /// <summary>Its volumes.</summary>
    public IReadOnlyList<SimulatedVolume> Volumes
    {
        get
        {
            lock (_lock) return [.. _volumes];
        }
    }

    /// <summary>What builds have left behind.</summary>
    public IReadOnlyList<SimulatedCache> Caches
    {
        get
        {
            lock (_lock) return [.. _caches];
        }
    }

    /// <summary>What all of it takes on the disk of its machine, in bytes: images, volumes, build caches, what containers have written, and their logs.</summary>
    public long SpaceUsed
    {
        get
        {
            lock (_lock) return _images.Sum(static i => i.Size) + _volumes.Sum(static v => v.Size) + _caches.Sum(static c => c.Size) + _containers.Sum(static c => c.Spec.Written + c.LogSize);
        }
    }

    /// <summary>Gives it an image; one of the same name loses that name to it.</summary>
    public void Add(SimulatedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        lock (_lock) _images.Add(image);
    }

    /// <summary>Gives it a volume.</summary>
    public void Add(SimulatedVolume volume)
    {
        lock (_lock) _volumes.Add(volume);
    }

    /// <summary>Gives it what a build has left behind.</summary>
    public void Add(SimulatedCache cache)
    {
        lock (_lock) _caches.Add(cache);
    }

    private JsonObject SpaceAnswer(HttpContext context)
    {
        lock (_lock)
        {
            var only = context.Request.Query["type"].OfType<string>().ToArray();
            // As 20.10 does it, whose API knows no type: everything is told.
            var all = only.Length == 0 || Version.Parse(_options.ApiVersion) < new Version(1, 42);
            var answer = new JsonObject { ["LayersSize"] = 0, [nameof(Images)] = null, [nameof(Containers)] = null, [nameof(Volumes)] = null, ["BuildCache"] = null, ["BuilderSize"] = 0 };
            if (all || only.Contains("image"))
            {
                answer["LayersSize"] = _images.Sum(static i => i.Size);
                answer[nameof(Images)] = new JsonArray([.. _images.Select(DescribeImage)]);
            }

            if (all || only.Contains("container")) answer[nameof(Containers)] = new JsonArray([.. _containers.Select(DescribeWritten)]);
            if (all || only.Contains("volume")) answer[nameof(Volumes)] = new JsonArray([.. _volumes.Select(static v => new JsonObject { ["Name"] = v.Name, ["Driver"] = "local", ["UsageData"] = new JsonObject { ["RefCount"] = v.Users, ["Size"] = v.Size } })]);
            if (all || only.Contains("build-cache")) answer["BuildCache"] = new JsonArray([.. _caches.Select(static c => new JsonObject { ["ID"] = c.Id, ["Type"] = "regular", ["InUse"] = c.InUse, ["Shared"] = false, ["Size"] = c.Size })]);
            return answer;
        }
    }

    private JsonObject DescribeImage(SimulatedImage image) => new()
    {
        ["Id"] = image.Id,
        ["RepoTags"] = IsNamed(image) ? new JsonArray(image.Tag) : new JsonArray("<none>:<none>"),
        ["Created"] = image.Created.ToUnixTimeSeconds(),
        ["Size"] = image.Size,
        ["SharedSize"] = 0,
        ["VirtualSize"] = image.Size,
        [nameof(Containers)] = _containers.Count(c => c.ImageId == image.Id),
    };

    private static JsonObject DescribeWritten(SimulatedContainer container)
    {
        var written = new JsonObject { ["Id"] = container.Id, ["Names"] = new JsonArray("/" + container.Name), ["State"] = EngineJson.Word(container.State) };
        // Go leaves a zero out here.
        if (container.Spec.Written > 0) written["SizeRw"] = container.Spec.Written;
        return written;
    }

    // The newest of a name has it.
    private bool IsNamed(SimulatedImage image) => image.Tag is { } tag && ReferenceEquals(_images.Last(i => i.Tag == tag), image);

    private Task PruneImagesAsync(HttpContext context)
    {
        if (ReadFilters(context, s_pruneFilters) is not { } filters || ReadAge(context) is not { } until) return RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid filter");
        var dangling = filters.Allows("dangling", static value => value is "true" or "1");
        var deleted = new JsonArray();
        var freed = 0L;
        lock (_lock)
        {
            foreach (var image in _images.Where(i => i.Created < until && (!dangling || !IsNamed(i)) && _containers.All(c => c.ImageId != i.Id)).ToArray())
            {
                if (IsNamed(image)) deleted.Add((JsonNode)new JsonObject { ["Untagged"] = image.Tag });
                deleted.Add((JsonNode)new JsonObject { ["Deleted"] = image.Id });
                freed += image.Size;
                _images.Remove(image);
            }
        }

        return JsonAsync(context, new JsonObject { ["ImagesDeleted"] = deleted.Count == 0 ? null : deleted, ["SpaceReclaimed"] = freed });
    }

    private Task PruneCachesAsync(HttpContext context)
    {
        lock (_lock)
        {
            var gone = _caches.Where(static c => !c.InUse).ToArray();
            _caches.RemoveAll(gone.Contains);
            return JsonAsync(context, new JsonObject { ["CachesDeleted"] = new JsonArray([.. gone.Select(static c => (JsonNode)c.Id)]), ["SpaceReclaimed"] = gone.Sum(static c => c.Size) });
        }
    }

    // Seconds only: "604800s". Null when it is none.
    private DateTimeOffset? ReadAge(HttpContext context)
    {
        var now = _clock.Now();
        var until = JsonNode.Parse(context.Request.Query["filters"].ToString() is { Length: > 0 } text ? text : "{}")?["until"]?[0]?.GetValue<string>();
        if (until is null) return now;
        return until.EndsWith('s') && long.TryParse(until[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? now.AddSeconds(-seconds) : null;
    }

    private async Task UpdateAsync(HttpContext context, SimulatedContainer container)
    {
        if (await BodyAsync(context) is not JsonObject body) return;
        var now = container.Limits;
        var memory = Given("Memory") ?? now.Memory;
        var both = Given("MemorySwap") ?? now.MemorySwap;
        if (memory is > 0 and < 6 * 1024 * 1024)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Minimum memory limit allowed is 6MB");
            return;
        }

        if (both > 0 && memory > both)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, $"Cannot update container {container.Id}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
            return;
        }

        var policy = body["RestartPolicy"]?["Name"]?.GetValue<string>() is { Length: > 0 } name ? name : null;
        var limit = policy is null ? now.RestartLimit : body["RestartPolicy"]?["MaximumRetryCount"]?.GetValue<int>() ?? 0;
        container.Limit(_ => new SimulatedLimits(memory, both, Given("NanoCpus") ?? now.NanoCpus, policy ?? now.RestartPolicy, limit));
        await JsonAsync(context, new JsonObject { ["Warnings"] = _options.UpdateWarning is { } warning ? new JsonArray(warning) : null });

        long? Given(string field) => body[field]?.GetValue<long>() is { } value and not 0 ? value : null;
    }
}
