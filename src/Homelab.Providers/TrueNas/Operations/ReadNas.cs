using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.TrueNas;

/// <summary>Tells how the storage server and its pools are.</summary>
/// <remarks>TrueNAS: <c>system.info</c> and <c>pool.query</c>; by REST <c>GET /system/info</c> and <c>GET /pool</c>. The command <c>zpool list</c>.</remarks>
[Operation("truenas_status", Level.Monitor, Risk.Read)]
[Description("Tells how TrueNAS is: its release, how long it is up, and of each pool whether it is healthy, how full it is and how its last scrub ended.")]
[Example("Get-HlNas", "Ask the storage server how it is.")]
[Example("(Get-HlNas).Pools | Where-Object UsedFraction -gt 0.8", "Show the pools that are more than four fifths full.")]
public sealed class ReadNas : Query<ReadNas.Input, NasStatus>
{
    private readonly TrueNasClient? _client;

    internal ReadNas(TrueNasClient? client) => _client = client;

    /// <summary>Nothing: the lab file names the server.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read the storage server's state", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<NasStatus> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await TrueNasErrors.Need(_client).ReadStatusAsync(cancellationToken).ConfigureAwait(false);
    }
}
