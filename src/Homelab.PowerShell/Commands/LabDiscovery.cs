using Homelab.Composition;
using Homelab.Configuration;
using Homelab.PowerShell.Pipeline;
using Homelab.Providers.Docker;

namespace Homelab.PowerShell.Commands;

/// <summary>Finds what a first lab file can hold: Docker Engines and containers of this machine, and the machines of its tailnet.</summary>
/// <param name="pipeline">Where it says what it found.</param>
/// <param name="docker">The engines that were named, as host=endpoint; null to look for those of this machine.</param>
internal sealed class LabDiscovery(CmdletPipeline pipeline, string[]? docker)
{
    internal async Task<LabDraft> FillAsync(LabDraft draft, CancellationToken cancellationToken)
    {
        var hosts = docker is null ? await FindEnginesAsync(cancellationToken).ConfigureAwait(false) : [.. docker.Select(Named)];
        draft = draft with { Hosts = hosts };
        var folder = Directory.CreateTempSubdirectory("homelab-new-");
        try
        {
            // The draft is a lab already: what is in it is asked for by the same operations, through the same gate, as ever after.
            var file = await LabDraftFile.WriteAsync(draft with { Kuma = null, Protected = [] }, Path.Combine(folder.FullName, LabLocator.DefaultFile), overwrite: false, ProviderList.Settings, cancellationToken).ConfigureAwait(false);
            var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions(), cancellationToken).ConfigureAwait(false);
            await using (runtime.ConfigureAwait(false))
            {
                var containers = hosts.Any(static h => h.Docker is not null) ? await AskAsync<Container>(runtime, "docker_list_containers", cancellationToken).ConfigureAwait(false) : [];
                var peers = await AskAsync<TailscalePeer>(runtime, "tailscale_status", cancellationToken).ConfigureAwait(false);
                return draft with
                {
                    Hosts = [.. hosts, .. peers.Where(p => !p.IsSelf && hosts.All(h => !Same(h.Name, p.Name))).Select(Machine)],
                    Services = [.. containers.Select(DraftService.Of).DistinctBy(static s => s.Name, StringComparer.OrdinalIgnoreCase)],
                };
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IReadOnlyList<DraftHost>> FindEnginesAsync(CancellationToken cancellationToken)
    {
        var found = await DockerSockets.FindAsync(SocketSurroundings.Ours, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        foreach (var socket in found) pipeline.Verbose($"{socket.Endpoint} ({socket.FoundIn}): {(socket.Answers ? $"Docker {socket.EngineVersion}" : socket.Reason)}");
        // Several ways to one engine are usual; the first one that answers is the likeliest.
        var name = Environment.MachineName.ToLowerInvariant();
        return found.FirstOrDefault(static s => s.Answers) is { } engine ? [new DraftHost { Name = name, Address = "127.0.0.1", Docker = engine.Endpoint }] : [];
    }

    private async Task<List<T>> AskAsync<T>(HomelabRuntime runtime, string operation, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        try
        {
            var request = new GateRequest { Operation = operation, Caller = new Caller(Face.Interactive, Environment.UserName) };
            await foreach (var item in runtime.Gate.QueryAsync(request, cancellationToken).ConfigureAwait(false)) items.Add((T)item);
        }
        catch (HomelabException e)
        {
            // What is not there cannot be found; the lab file is written without it, and -Verbose says why.
            pipeline.Verbose(e.Message);
        }

        return items;
    }

    private static DraftHost Machine(TailscalePeer peer) => new() { Name = peer.Name, Address = peer.Addresses is [var address, ..] ? address : peer.DnsName, Role = peer.Os };

    private static DraftHost Named(string engine) => engine.Split('=', 2) is [{ Length: > 0 } host, { Length: > 0 } endpoint]
        ? new DraftHost { Name = host, Docker = endpoint }
        : throw new InputException([new InputProblem("Docker", engine, "is not of the form host=endpoint", "Give it such as nas=tcp://nas:2375, dev=ssh or here=unix:///var/run/docker.sock.")]);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
