using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Lists the volumes of one host or of all, and who uses them.</summary>
/// <remarks>Engine API: <c>GET /volumes</c>; with sizes also <c>GET /system/df?type=volume</c>. The CLI's <c>docker volume ls</c>.</remarks>
[Operation("docker_list_volumes", Level.Configure, Risk.Read)]
[Description("Lists the volumes of one host or of all: driver, place, stack, who uses them, and with size what they take.")]
[Example("Get-HlVolume", "List every volume of the lab.")]
[Example("Get-HlVolume dev -Unused -Size", "Find the volumes of one host that no container uses, and what they take.")]
public sealed class ListVolumes(DockerEngines engines) : Query<ListVolumes.Input, DockerVolume>
{
    /// <summary>Which volumes.</summary>
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

        /// <summary>Sizes too.</summary>
        [Description("Also count what each takes: the engine walks through all of them, which may take minutes.")]
        public bool Size { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List volumes", input.Host is { } host ? EngineTarget.Of(host) : Target.Lab);

    /// <inheritdoc/>
    protected override IAsyncEnumerable<DockerVolume> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) =>
        new PartSearch("Volume", input.Host, input.Name, input.Stack, input.Unused).InAsync(engines, (engine, ending) => engine.Parts.VolumesAsync(input.Size, ending), static n => (n.Name, n.Stack, n.UsedBy.Count > 0), cancellationToken);
}
