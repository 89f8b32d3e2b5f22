using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Shows everything about one container that healing needs.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/json</c>. The CLI's <c>docker inspect</c>, without its environment: that often holds secrets.</remarks>
[Operation("docker_inspect_container", Level.Configure, Risk.Read)]
[Description("Shows everything about one container that healing needs: state, health, exit code, restarts, times, ports, labels.")]
[Example("Get-HlContainerDetail gitea@dev", "Show one container in detail.")]
[Example("Get-HlContainer -State Exited | Get-HlContainerDetail", "Show why containers have exited.")]
public sealed class InspectContainer(DockerEngines engines) : Query<InspectContainer.Input, ContainerDetail>
{
    /// <summary>What to look at.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Inspect container", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ContainerDetail> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        ContainerTarget.TellWay(context, container);
        yield return container;
    }
}
