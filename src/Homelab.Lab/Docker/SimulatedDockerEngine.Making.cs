using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Docker;

public sealed partial class SimulatedDockerEngine
{
    private int _makes;

    /// <summary>Called with each container that is made over the wire, before anybody hears of it: what its program will do is up to the lab.</summary>
    public Action<SimulatedContainer>? WhenMade { get; set; }

    private async Task CreateAsync(HttpContext context)
    {
        if (await BodyAsync(context) is not JsonObject body) return;
        var name = context.Request.Query["name"].ToString();
        var image = body["Image"]?.GetValue<string>() ?? "";
        if (ImageIdOf(image) is not { } imageId)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "No such image: " + image);
            return;
        }

        if (Make(name, image, imageId, body) is not { } made)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, $"Conflict. The container name \"/{name}\" is already in use.");
            return;
        }

        WhenMade?.Invoke(made);
        await WriteAsync(context, StatusCodes.Status201Created, new JsonObject { ["Id"] = made.Id, ["Warnings"] = new JsonArray() }.ToJsonString() + "\n");
    }

    // Null when there is one of that name.
    private SimulatedContainer? Make(string name, string image, string imageId, JsonObject body)
    {
        lock (_lock)
        {
            if (_containers.Exists(c => c.Name == name)) return null;
            var made = new SimulatedContainer(SpecOf(name, image, imageId, body), imageId, ++_makes, _options.DataRoot, _clock, _events);
            _containers.Add(made);
            return made;
        }
    }

    // An image's program is as it was in the newest container of it.
    private SimulatedContainerSpec SpecOf(string name, string image, string imageId, JsonObject body)
    {
        var like = _containers.LastOrDefault(c => c.ImageId == imageId && c.Spec.Image == image)?.Spec ?? _containers.LastOrDefault(c => c.ImageId == imageId)?.Spec ?? new SimulatedContainerSpec { Name = name };
        var host = body["HostConfig"] as JsonObject ?? [];
        return like with
        {
            Name = name,
            Image = image,
            Running = false,
            RestartCount = 0,
            Written = 0,
            LogPath = "",
            Tty = body["Tty"]?.GetValue<bool>() ?? false,
            HasHealthCheck = body["Healthcheck"] is not null,
            Labels = (body["Labels"] as JsonObject ?? []).ToDictionary(static l => l.Key, static l => l.Value!.GetValue<string>(), StringComparer.Ordinal),
            MemoryLimit = host["Memory"]?.GetValue<long>() ?? 0,
            MemorySwap = host["MemorySwap"]?.GetValue<long>() ?? 0,
            RestartPolicy = host["RestartPolicy"]?["Name"]?.GetValue<string>() ?? "no",
            LogDriver = host["LogConfig"]?["Type"]?.GetValue<string>() ?? "json-file",
            Ports = (host["PortBindings"] as JsonObject ?? []).Where(static p => p.Value is JsonArray { Count: > 0 }).ToDictionary(static p => int.Parse(p.Value![0]!["HostPort"]!.GetValue<string>()), static p => int.Parse(p.Key.Split('/')[0])),
            Settings = body.ToJsonString(),
        };
    }

    private string? ImageIdOf(string name)
    {
        lock (_lock)
        {
            if (_images.LastOrDefault(i => i.Tag == name || i.Id == name) is { } image) return image.Id;
            return _containers.Find(c => c.ImageId == name || (c.Spec.Image == name && _images.TrueForAll(i => i.Id != c.ImageId)))?.ImageId;
        }
    }

    private Task DescribeImageAsync(HttpContext context, string name) => ImageIdOf(name) is { } id
        ? JsonAsync(context, new JsonObject { ["Id"] = id, ["RepoTags"] = new JsonArray(name) })
        : RefuseAsync(context, StatusCodes.Status404NotFound, "No such image: " + name);

    private Task RenameAsync(HttpContext context, SimulatedContainer container)
    {
        var name = context.Request.Query["name"].ToString();
        lock (_lock)
        {
            if (_containers.Exists(c => c.Name == name)) return RefuseAsync(context, StatusCodes.Status409Conflict, $"Conflict. The container name \"/{name}\" is already in use.");
            container.Rename(name);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RemoveAsync(HttpContext context, string name)
    {
        if (Find(name) is not { } container) return RefuseAsync(context, StatusCodes.Status404NotFound, "No such container: " + name);
        if (container.Running && !IsYes(context.Request.Query["force"])) return RefuseAsync(context, StatusCodes.Status409Conflict, "You cannot remove a running container");
        container.KillForRemoval();
        Remove(container);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task ConnectAsync(HttpContext context, string network)
    {
        if (await BodyAsync(context) is not JsonObject body) return;
        if (Find(body["Container"]?.GetValue<string>() ?? "") is not { } container)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "No such container");
            return;
        }

        container.Made.Connect(network, body["EndpointConfig"] as JsonObject ?? [], container.Id);
    }
}
