using System.Text.Json.Nodes;

namespace Homelab.Providers.Docker;

/// <summary>Makes, renames and removes containers, by the API of one engine. What one is made from is taken and given as the engine words it: fields that we do not know are kept too.</summary>
internal sealed class ContainerMaking(DockerWire wire)
{
    // A container with much in its own layer takes a while on a slow disk.
    private static readonly TimeSpan s_removing = TimeSpan.FromMinutes(2);

    /// <summary>Everything that the engine knows of one. <c>GET /containers/{id}/json</c>.</summary>
    internal Task<JsonObject> ReadAsync(string id, CancellationToken cancellationToken) =>
        NamedAsync(id, wire.GetAsync(Path(id, "/json"), DockerJson.Default.JsonObject, cancellationToken));

    /// <summary>The id of what a name of an image means now; null when nothing. <c>GET /images/{name}/json</c>.</summary>
    internal async Task<string?> ImageIdAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Slashes are part of a name, and of the path.
            var image = await wire.GetAsync($"/images/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}/json", DockerJson.Default.ImageWire, cancellationToken).ConfigureAwait(false);
            return image.Id;
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            return null;
        }
    }

    /// <summary>The names of the containers that live in the network of one.</summary>
    internal async Task<IReadOnlyList<string>> NetworkGuestsAsync(ContainerDetail container, CancellationToken cancellationToken)
    {
        var list = await wire.GetAsync("/containers/json?all=1", DockerJson.Default.ContainerListWireArray, cancellationToken).ConfigureAwait(false);
        return [.. list.OfType<ContainerListWire>().Where(c => c.HostConfig?.NetworkMode is { } mode && (mode == "container:" + container.Id || mode == "container:" + container.Name)).Select(ContainerReader.NameOf)];
    }

    /// <summary><c>POST /containers/create</c>; <c>docker create</c>.</summary>
    /// <returns>Its id.</returns>
    internal async Task<string> CreateAsync(string name, JsonObject body, CancellationToken cancellationToken)
    {
        var path = "/containers/create?name=" + Uri.EscapeDataString(name);
        var created = await wire.PostAsync(path, body, DockerJson.Default.JsonObject, DockerJson.Default.ExecCreatedWire, cancellationToken).ConfigureAwait(false);
        return created.Id is { Length: > 0 } id ? id : throw DockerErrors.Unreadable(wire.Endpoint, "POST " + path, "no id", inner: null);
    }

    /// <summary><c>POST /networks/{id}/connect</c>; <c>docker network connect</c>.</summary>
    internal Task ConnectAsync(string network, string id, JsonObject endpoint, CancellationToken cancellationToken) =>
        wire.TellAsync($"/networks/{Uri.EscapeDataString(network)}/connect", new JsonObject { ["Container"] = id, ["EndpointConfig"] = endpoint.DeepClone() }, DockerJson.Default.JsonObject, cancellationToken);

    /// <summary><c>POST /containers/{id}/rename</c>; <c>docker rename</c>.</summary>
    internal Task RenameAsync(string id, string name, CancellationToken cancellationToken) =>
        wire.PostAsync(Path(id, "/rename?name=" + Uri.EscapeDataString(name)), DockerWire.Prompt, cancellationToken);

    /// <summary>Removes one, running or not, and leaves its volumes. One that is gone already is as it should be. <c>DELETE /containers/{id}</c>; <c>docker rm --force</c>.</summary>
    internal async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await wire.DeleteAsync(Path(id, "?force=1"), s_removing, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            wire.Trace($"{id} is gone already.");
        }
    }

    private async Task<T> NamedAsync<T>(string id, Task<T> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            throw DockerErrors.ContainerNotFound(wire.Endpoint, id, e);
        }
    }

    private static string Path(string id, string rest) => "/containers/" + Uri.EscapeDataString(id) + rest;
}
