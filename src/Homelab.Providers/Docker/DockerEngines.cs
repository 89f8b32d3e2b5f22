using System.Collections.Concurrent;

namespace Homelab.Providers.Docker;

/// <summary>The Docker Engines of the lab, one for each host that has one, and the way from a container's name to the engine that has it.</summary>
public sealed class DockerEngines : IDisposable
{
    private readonly Dictionary<string, Lazy<DockerClient>> _clients;
    private readonly IReadOnlyDictionary<string, HostDefinition> _hosts;

    /// <summary>Reads where the engines are; connects to none.</summary>
    /// <exception cref="HomelabException"><c>DockerEndpointInvalid</c> (Invalid): a host's <c>docker:</c> cannot be used.</exception>
    public DockerEngines(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _hosts = context.Lab.Hosts;
        Acts = new ContainerActs(context.Time);
        _clients = _hosts
            .Where(static h => h.Value.Docker is not null)
            .Select(static h => DockerEndpoint.Of(h.Key, h.Value))
            .ToDictionary(
                static e => e.Host,
                e => new Lazy<DockerClient>(() => new DockerClient(DockerTransport.For(e, context.BasePath, context.Secrets, context.Remote), context.Time, context.Trace, context.Remote)),
                StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The hosts that have an engine, by name.</summary>
    internal IReadOnlyList<string> Hosts => [.. _clients.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What we are changing right now.</summary>
    internal ContainerActs Acts { get; }

    /// <summary>What a host is one of, as the lab file says.</summary>
    internal IReadOnlyList<string> TagsOf(string host) => _hosts[host].Tags;

    /// <summary>A host's engine.</summary>
    /// <exception cref="HomelabException"><c>DockerHostNotFound</c> (NotFound), with the nearest name.</exception>
    internal DockerClient On(string host) =>
        _clients.TryGetValue(host, out var client)
            ? client.Value
            : throw new HomelabException(
                ErrorKind.NotFound,
                "DockerHostNotFound",
                $"The lab has no host '{host}' with a Docker Engine. {NearestName.Hint(host, _clients.Keys)}",
                host)
            { NothingHappened = true };

    /// <summary>The engines of one host, or of all.</summary>
    /// <exception cref="HomelabException"><c>DockerHostNotFound</c>.</exception>
    internal IReadOnlyList<DockerClient> In(string? host)
    {
        if (host is not null) return [On(host)];
        if (_clients.Count > 0) return [.. Hosts.Select(On)];
        throw new HomelabException(ErrorKind.NotFound, "DockerHostNotFound", "No host of the lab has a Docker Engine. Set hosts.<name>.docker in the lab file, such as unix:///var/run/docker.sock.");
    }

    /// <summary>Finds a container by asking the engines; its name, host and id are what the engine says.</summary>
    /// <exception cref="HomelabException">
    /// <c>ContainerNotFound</c> (NotFound), with the nearest names; <c>ContainerAmbiguous</c> (Conflict), with all candidates; <c>ContainerUncertain</c>
    /// (Unavailable): one was found, but a host that did not answer may have another; and what every call throws.
    /// </exception>
    internal async Task<ContainerDetail> FindAsync(ContainerRef container, CancellationToken cancellationToken)
    {
        if (container.Host is not null)
        {
            var client = On(container.Host);
            return await TryFindAsync(client, container.Name, cancellationToken).ConfigureAwait(false)
                ?? throw await NotFoundAsync(container, [client], [], cancellationToken).ConfigureAwait(false);
        }

        var clients = In(host: null);
        if (clients.Count == 1)
        {
            return await TryFindAsync(clients[0], container.Name, cancellationToken).ConfigureAwait(false)
                ?? throw await NotFoundAsync(container, clients, [], cancellationToken).ConfigureAwait(false);
        }

        return await SearchAsync(container, clients, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(static c => c.IsValueCreated)) client.Value.Dispose();
    }

    /// <summary>True when a container is what a name means: that very name, or an id, or the beginning of one of at least 12 digits.</summary>
    internal static bool IsMeant(string nameOrId, string name, string id) =>
        string.Equals(name, nameOrId, StringComparison.Ordinal)
        || (nameOrId.Length >= ShortIdLength && nameOrId.All(char.IsAsciiHexDigit) && id.StartsWith(nameOrId, StringComparison.OrdinalIgnoreCase));

    internal const int ShortIdLength = 12;

    private static async Task<ContainerDetail> SearchAsync(ContainerRef container, IReadOnlyList<DockerClient> clients, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<ContainerDetail>();
        var silent = new ConcurrentBag<HomelabException>();
        await Task.WhenAll(clients.Select(AskAsync)).ConfigureAwait(false);

        var candidates = found.OrderBy(static c => c.Host, StringComparer.Ordinal).ToArray();
        if (candidates.Length > 1)
        {
            throw new HomelabException(
                ErrorKind.Conflict,
                "ContainerAmbiguous",
                $"There is more than one container '{container}': {string.Join(", ", candidates.Select(static c => c.ToString()))}. Say which.",
                container.ToString())
            { NothingHappened = true };
        }

        // An id is the same nowhere else.
        if (candidates is [var only] && (silent.IsEmpty || only.Name != container.Name)) return only;
        if (candidates is [var one])
        {
            throw new HomelabException(
                ErrorKind.Unavailable,
                "ContainerUncertain",
                $"There is a container '{one}', but {Names(silent)} did not answer and may have one of that name too. Say '{one}' if that is the one.",
                container.ToString(),
                silent.First())
            { NothingHappened = true };
        }

        if (silent.Count == clients.Count) throw DockerErrors.Several([.. silent]);
        throw await NotFoundAsync(container, clients, [.. silent], cancellationToken).ConfigureAwait(false);

        async Task AskAsync(DockerClient client)
        {
            try
            {
                if (await TryFindAsync(client, container.Name, cancellationToken).ConfigureAwait(false) is { } detail) found.Add(detail);
            }
            catch (HomelabException e)
            {
                silent.Add(e);
            }
        }
    }

    // The engine takes the beginning of an id for a name: "db" would find a container with the id db31…
    private static async Task<ContainerDetail?> TryFindAsync(DockerClient client, string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            var detail = await client.Containers.InspectAsync(nameOrId, cancellationToken).ConfigureAwait(false);
            return IsMeant(nameOrId, detail.Name, detail.Id) ? detail : null;
        }
        catch (HomelabException e) when (e.Id == "ContainerNotFound")
        {
            return null;
        }
    }

    private static async Task<HomelabException> NotFoundAsync(ContainerRef container, IReadOnlyList<DockerClient> clients, HomelabException[] silent, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach (var client in clients.Where(c => silent.All(s => s.Target != c.Host)))
        {
            foreach (var known in await client.Containers.ListAsync(cancellationToken).ConfigureAwait(false)) names.Add(known.Name);
        }

        var where = container.Host ?? string.Join(", ", clients.Select(static c => c.Host).Except(silent.Select(static s => s.Target), StringComparer.Ordinal));
        var rest = silent.Length == 0 ? "" : $" {Names(silent)} did not answer and may have it.";
        return new HomelabException(
            ErrorKind.NotFound,
            "ContainerNotFound",
            $"Container '{container.Name}' was not found on {where}.{rest} {NearestName.Hint(container.Name, names)}",
            container.ToString())
        { NothingHappened = true };
    }

    private static string Names(IEnumerable<HomelabException> silent) => string.Join(", ", silent.Select(static s => s.Target).Order(StringComparer.Ordinal));
}
