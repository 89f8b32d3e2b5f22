using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Lists the networks of one host or of all, and who uses them.</summary>
/// <remarks>Engine API: <c>GET /networks</c>. The CLI's <c>docker network ls</c>.</remarks>
[Operation("docker_list_networks", Level.Configure, Risk.Read)]
[Description("Lists the networks of one host or of all: driver, ranges of addresses, stack, and which containers are in them.")]
[Example("Get-HlNetwork", "List every network of the lab.")]
[Example("Get-HlNetwork dev -Unused", "Find the networks of one host that no container is in.")]
public sealed class ListNetworks(DockerEngines engines) : Query<ListNetworks.Input, DockerNetwork>
{
    /// <summary>Which networks.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host whose engine is asked, as the lab file names it. All engines when not given.")]
        public string? Host { get; init; }

        /// <summary>The name.</summary>
        [Description("Only the one of this name, or those of a pattern with * and ?.")]
        public string? Name { get; init; }

        /// <summary>The stack.</summary>
        [Description("Only those that this stack of Docker Compose has made.")]
        public string? Stack { get; init; }

        /// <summary>Only what nobody uses.</summary>
        [Description("Only those that no container uses.")]
        public bool Unused { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List networks", input.Host is { } host ? EngineTarget.Of(host) : Target.Lab);

    /// <inheritdoc/>
    protected override IAsyncEnumerable<DockerNetwork> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) =>
        new PartSearch("Network", input.Host, input.Name, input.Stack, input.Unused).InAsync(engines, static (engine, ending) => engine.Parts.NetworksAsync(ending), static n => (n.Name, n.Stack, n.Containers.Count > 0), cancellationToken);
}
