using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Lists the processes of hosts that use most of their processors or memory.</summary>
/// <remarks><c>/proc</c>, read twice with a second between, over SSH. The command <c>top</c>. Arguments are not told: passwords stand in them too often.</remarks>
[Operation("host_processes", Level.Monitor, Risk.Read)]
[Description("Lists the processes of hosts that use most of the processors or of memory, with user, unit or container, and start. Takes a second.")]
[Example("Get-HlHostProcess dev", "Show what keeps one host busy.")]
[Example("Get-HlHostProcess dev -By Memory -First 5", "Show the five largest.")]
public sealed class ListProcesses(IRemoteHosts hosts) : Query<ListProcesses.Input, RunningProcess>
{
    /// <summary>Which processes.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }

        /// <summary>What they are chosen by.</summary>
        [Description("What they are chosen by: cpu, what they use of the processors now, or memory.")]
        public ProcessOrder By { get; init; } = ProcessOrder.Cpu;

        /// <summary>How many.</summary>
        [Description("How many of each host."), Range(1, 100_000)]
        public int First { get; init; } = 10;

        /// <summary>Only some.</summary>
        [Description("Only those of this name; a pattern with * and ? is allowed.")]
        public string? Process { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List processes", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<RunningProcess> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var process in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return process;

        async Task<HostAnswer<RunningProcess>> AskAsync(string host, CancellationToken ending)
        {
            var all = ProcessReader.Read(await ProcessReader.Script.RunAsync(hosts, host, ending).ConfigureAwait(false));
            var some = all.Where(p => input.Process is null || Wildcard.Matches(input.Process, p.Name));
            var ordered = input.By == ProcessOrder.Memory ? some.OrderByDescending(static p => p.Memory) : some.OrderByDescending(static p => p.Cpu).ThenByDescending(static p => p.CpuTime);
            return new HostAnswer<RunningProcess>([.. ordered.ThenBy(static p => p.Pid).Take(input.First)]);
        }
    }
}
