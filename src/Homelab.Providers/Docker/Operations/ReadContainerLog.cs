using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Docker;

/// <summary>Reads the last lines of a container's log, and the following ones where asked.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/logs</c>. The CLI's <c>docker logs</c>.</remarks>
[Operation("docker_container_logs", Level.Monitor, Risk.Read)]
[Description("Reads the last lines of a container's log, with the time of each and where it was written to.")]
[Example("Get-HlContainerLog gitea@dev -Tail 50", "Show the last 50 lines.")]
[Example("Get-HlContainerLog traefik@infra -Since 10m | Where-Object Source -eq Error", "Show what went to standard error within ten minutes.")]
public sealed class ReadContainerLog(DockerEngines engines) : Query<ReadContainerLog.Input, ContainerLogLine>
{
    /// <summary>Which lines.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>How many lines at most.</summary>
        [Description("How many of the last lines."), Range(0, 100_000)]
        public int Tail { get; init; } = 100;

        /// <summary>Only younger lines.</summary>
        [Description("Only lines written within this time, such as 10m."), DurationRange("0s", "3650d")]
        public TimeSpan? Since { get; init; }

        /// <summary>Goes on with new lines.</summary>
        [Description("True to go on with new lines until cancelled or the container ends.")]
        public bool Follow { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read log of container", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ContainerLogLine> RunAsync(Input input, OperationContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        ContainerTarget.TellWay(context, container);
        DateTimeOffset? since = input.Since is { } age ? context.Time.GetUtcNow() - age : null;
        var lines = engines.On(container.Host).Containers.LogsAsync(container, input.Tail, since, input.Follow, cancellationToken);
        await foreach (var line in lines.ConfigureAwait(false)) yield return line;
    }
}
