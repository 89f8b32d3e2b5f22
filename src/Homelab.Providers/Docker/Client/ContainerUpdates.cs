namespace Homelab.Providers.Docker;

/// <summary>Limits of containers, by the API of one engine.</summary>
internal sealed class ContainerUpdates(DockerWire wire)
{
    /// <summary>Sets limits, of a running container at once. <c>POST /containers/{id}/update</c>; <c>docker update</c>.</summary>
    /// <returns>What the machine cannot hold to, in the engine's words.</returns>
    /// <exception cref="HomelabException"><c>ContainerNotFound</c>, and what every call throws.</exception>
    internal async Task<IReadOnlyList<string>> UpdateAsync(string id, UpdateWire wish, CancellationToken cancellationToken)
    {
        try
        {
            var updated = await wire.PostAsync($"/containers/{Uri.EscapeDataString(id)}/update", wish, DockerJson.Default.UpdateWire, DockerJson.Default.UpdatedWire, cancellationToken).ConfigureAwait(false);
            return [.. (updated.Warnings ?? []).OfType<string>().Select(DockerErrors.Shown).Where(static w => w.Length > 0)];
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            throw DockerErrors.ContainerNotFound(wire.Endpoint, id, e);
        }
    }
}
