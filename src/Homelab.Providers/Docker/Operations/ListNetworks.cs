using System.ComponentModel;
using System.Runtime.CompilerServices;

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
    protected override async IAsyncEnumerable<DockerNetwork> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var item in SourceMerge.MergeAsync(engines.In(input.Host), ListAsync, DockerErrors.Several, endless: false, cancellationToken).ConfigureAwait(false))
        {
            if (input.Name is { } name && !(Wildcard.IsPattern(name) ? Wildcard.Matches(name, item.Name) : string.Equals(name, item.Name, StringComparison.Ordinal))) continue;
            found = true;
            if (input.Stack is { } stack && item.Stack != stack) continue;
            if (input.Unused && item.Containers.Count > 0) continue;
            yield return item;
        }

        if (found || input.Name is null || Wildcard.IsPattern(input.Name)) yield break;
        var where = input.Host is null ? "" : $" on {input.Host}";
        throw new HomelabException(ErrorKind.NotFound, "DockerNetworkNotFound", $"There is no network '{ForeignText.Clean(input.Name, 200)}'{where}. Run Get-HlNetwork to list them.", input.Name);

        async IAsyncEnumerable<DockerNetwork> ListAsync(DockerClient engine, [EnumeratorCancellation] CancellationToken ending)
        {
            foreach (var item in await engine.Parts.NetworksAsync(ending).ConfigureAwait(false)) yield return item;
        }
    }
}
