using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Measures how hosts use their memory and swap.</summary>
/// <remarks><c>/proc/meminfo</c> over SSH. The command <c>free</c>.</remarks>
[Operation("host_memory", Level.Monitor, Risk.Read)]
[Description("Measures how hosts use their memory: total, available, used, cached, and swap, in bytes.")]
[Example("Get-HlHostMemory nas", "Measure one host.")]
[Example("Get-HlHostMemory | Sort-Object Fraction -Descending", "Find the host with the least left.")]
public sealed class MeasureMemory(IRemoteHosts hosts) : Query<MeasureMemory.Input, HostMemory>
{
    /// <summary>Which hosts.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Measure memory", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostMemory> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var memory in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return memory;
    }

    private async Task<HostAnswer<HostMemory>> AskAsync(string host, CancellationToken cancellationToken) =>
        new([MemoryReader.Read(await MemoryReader.Script.RunAsync(hosts, host, cancellationToken).ConfigureAwait(false))]);
}
