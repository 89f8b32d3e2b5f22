namespace Homelab.Providers.Docker;

/// <summary>Finds the Docker Engines of this machine, for whoever writes a first lab file.</summary>
public static class DockerSockets
{
    private const string Host = "here";

    /// <summary>How long one is given to answer.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Every place where an engine may listen, whether one answers or not; those that answer come first, and of them the one the Docker CLI would use.</summary>
    /// <param name="surroundings">Where to look.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <remarks><c>GET /_ping</c>, <c>GET /version</c>. An address behind SSH or with TLS is told, but not asked: for that a lab file is needed.</remarks>
    public static async Task<IReadOnlyList<DockerSocket>> FindAsync(SocketSurroundings surroundings, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(surroundings);
        ArgumentNullException.ThrowIfNull(time);
        var found = await Task.WhenAll(SocketPlaces.Of(surroundings).Select(p => LookAsync(p.Endpoint, p.FoundIn, time, cancellationToken))).ConfigureAwait(false);
        return [.. found.OrderByDescending(static s => s.Answers)];
    }

    private static async Task<DockerSocket> LookAsync(string endpoint, string foundIn, TimeProvider time, CancellationToken cancellationToken)
    {
        var silent = new DockerSocket { Endpoint = ForeignText.Clean(endpoint, 200), FoundIn = foundIn, Answers = false };
        if (endpoint.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase)) return silent with { Endpoint = "ssh", Reason = "behind SSH: write 'docker: ssh' and the account under the host's ssh" };
        using var deadline = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var definition = new HostDefinition { Docker = new DockerEndpointDefinition { Url = endpoint } };
            using var client = new DockerClient(DockerTransport.For(DockerEndpoint.Of(Host, definition), "", new NoSecrets(), remote: null!), time, static _ => { });
            await client.System.PingAsync(either.Token).ConfigureAwait(false);
            var version = await client.System.VersionAsync(either.Token).ConfigureAwait(false);
            return silent with { Answers = true, EngineVersion = ForeignText.Clean(version.Version ?? "", 40) };
        }
        catch (HomelabException e)
        {
            // What is wrong with the address may be a password in it.
            return silent with { Endpoint = e.Id == "DockerEndpointInvalid" ? "" : silent.Endpoint, Reason = e.Id == "DockerEndpointInvalid" ? "no address of an engine" : e.What };
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return silent with { Reason = $"no answer within {Duration.Format(Limit)}" };
        }
    }

    // Sockets of this machine need none.
    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            throw new HomelabException(ErrorKind.NotFound, "SecretNotFound", $"There is no {reference} here.", reference.ToString());
    }
}
