using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Lists the containers of one host or of all.</summary>
/// <remarks>Engine API: <c>GET /containers/json?all=1</c>. The CLI's <c>docker ps -a</c>.</remarks>
[Operation("docker_list_containers", Level.Monitor, Risk.Read)]
[Description("Lists containers, running or not, of one host or of all: name, host, state, health, image, ports.")]
[Example("Get-HlContainer", "List every container of the lab.")]
[Example("Get-HlContainer git* -Host dev -State Running", "List the running ones of one host whose name begins with git.")]
public sealed class ListContainers(DockerEngines engines) : Query<ListContainers.Input, Container>
{
    /// <summary>Which containers.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, NameOf("container"), Description("The name, or a pattern with * and ?, or name@host. All when not given.")]
        public string? Name { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("Only those of this host, as the lab file names it.")]
        public string? Host { get; init; }

        /// <summary>The state.</summary>
        [Description("Only those in this state.")]
        public ContainerState? State { get; init; }

        /// <summary>The health.</summary>
        [Description("Only those of this health.")]
        public ContainerHealth? Health { get; init; }

        /// <summary>A label.</summary>
        [Description("Only those with this label: a name, or name=value.")]
        public string? Label { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Container> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (name, host) = Split(input);
        var found = false;
        var told = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var container in SourceMerge.MergeAsync(engines.In(host), static (e, c) => ListAsync(e, c), DockerErrors.Several, endless: false, cancellationToken).ConfigureAwait(false))
        {
            if (container.Via is EngineWay.Ssh && told.Add(container.Host)) ContainerTarget.TellWay(context, container);
            if (name is not null && !IsNamed(container, name)) continue;
            found = true;
            if (input.State is { } state && container.State != state) continue;
            if (input.Health is { } health && container.Health != health) continue;
            if (input.Label is { } label && !HasLabel(container, label)) continue;
            yield return container;
        }

        if (found || name is null || Wildcard.IsPattern(name)) yield break;
        throw new HomelabException(ErrorKind.NotFound, "ContainerNotFound", $"There is no container '{name}'{(host is null ? "" : $" on {host}")}. Run Get-HlContainer to list them.", input.Name);
    }

    private static (string? Name, string? Host) Split(Input input)
    {
        if (input.Name is not { Length: > 0 } name || name.Split('@') is not [var before, var after]) return (input.Name is "" ? null : input.Name, input.Host);
        if (input.Host is not null && !string.Equals(input.Host, after, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException([new InputProblem("host", input.Host, $"contradicts the name '{name}'", "Give the host once.")]);
        }

        return (before, after);
    }

    private static async IAsyncEnumerable<Container> ListAsync(DockerClient engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var container in await engine.Containers.ListAsync(cancellationToken).ConfigureAwait(false)) yield return container;
    }

    private static bool IsNamed(Container container, string name) =>
        Wildcard.IsPattern(name) ? Wildcard.Matches(name, container.Name) : DockerEngines.IsMeant(name, container.Name, container.Id);

    private static bool HasLabel(Container container, string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) return container.Labels.ContainsKey(label);
        return container.Labels.TryGetValue(label[..equals], out var value) && string.Equals(value, label[(equals + 1)..], StringComparison.Ordinal);
    }
}
