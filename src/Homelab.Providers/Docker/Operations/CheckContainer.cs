using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Says whether a container does its work, as far as its engine can tell.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/json</c>.</remarks>
[Operation("docker_check_container", Level.Monitor, Risk.Read)]
[Description("Says whether a container runs and is healthy, and if not, why. One without a health check is up when it runs.")]
[Example("Test-HlContainer gitea@dev", "Say whether one container is up.")]
[Example("Get-HlContainer | Test-HlContainer | Where-Object IsUp -eq $false", "Find all that are not.")]
public sealed class CheckContainer(DockerEngines engines) : Query<CheckContainer.Input, ContainerCheck>
{
    /// <summary>What to check.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Check container", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ContainerCheck> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        ContainerTarget.TellWay(context, container);
        yield return ContainerCheck.Of(container);
    }
}
