using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Sets what a container may use and what is done when it ends, and proves by a look that it is so. A running one goes on running.</summary>
/// <remarks>Engine API: <c>POST /containers/{id}/update</c>, then <c>GET /containers/{id}/json</c>. The CLI's <c>docker update</c>.</remarks>
[Operation("docker_set_limits", Level.Manage, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Sets the memory, swap and processor time that a container may use, and its restart policy, without restarting it. Memory below what it uses now is refused: the kernel would kill it.")]
[Example("Set-HlContainer gitea@dev -Memory 1GiB", "Let one container use a GiB of memory.")]
[Example("Set-HlContainer postgres@dev -Memory 2GiB -Swap 0 -Cpu 1.5 -RestartPolicy UnlessStopped -PassThru", "Limit memory without swap and processor time, set the restart policy, and show how it is then.")]
public sealed class SetContainerLimits(DockerEngines engines) : Change<SetContainerLimits.Input, ContainerLimits>
{
    // The engine takes no less.
    private const double LeastMemory = 6 * 1024 * 1024;
    private const double MostMemory = 1L << 50;

    /// <summary>What to set.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>Its memory.</summary>
        [Bytes, Description("The memory it may use, at least 6MiB. The swap on top of it stays as it is when swap is not given."), Range(LeastMemory, MostMemory)]
        public long? Memory { get; init; }

        /// <summary>Its swap.</summary>
        [Bytes, Description("The swap it may use on top of its memory; 0 for none."), Range(0, MostMemory)]
        public long? Swap { get; init; }

        /// <summary>Its processor time.</summary>
        [Description("How many processors' time it may use, such as 1.5."), Range(0.01, 1024.0)]
        public double? Cpu { get; init; }

        /// <summary>Its restart policy.</summary>
        [Description("What the engine does when it ends by itself.")]
        public ContainerRestartPolicy? RestartPolicy { get; init; }

        /// <summary>How often it is restarted.</summary>
        [Description("With on-failure: how often it is restarted before it is given up; 0 for no limit."), Range(0, 1_000_000)]
        public int? RestartLimit { get; init; }

        /// <summary>Below what it uses too.</summary>
        [Description("True to set memory below what it uses now as well: the kernel takes it away, and may kill it.")]
        public bool BelowUsage { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Limit container ({string.Join(", ", Words(input))})", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        _ = LimitWish.Of(input, container);
        return ContainerTarget.Prepare(container, input with { Container = new ContainerRef(container) }) with { Mark = Mark(container) };
    }

    /// <inheritdoc/>
    protected override async Task<ContainerLimits> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = engines.On(input.Container.Host!);
        var before = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        var wish = LimitWish.Of(input, before);
        if (!wish.Missing(before).Any()) return ContainerLimits.Of(before);
        if (!input.BelowUsage && wish.Memory is { } memory && before.State is ContainerState.Running && Lowers(before, memory)) await DemandRoomAsync(client, before, memory, cancellationToken).ConfigureAwait(false);
        context.Report($"Limiting {input.Container}", "asking the engine");
        var warnings = await client.Updates.UpdateAsync(before.Id, wish.Wire, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var after = await client.Containers.InspectAsync(before.Id, cancellationToken).ConfigureAwait(false);
        var missing = wish.Missing(after).ToArray();
        if (missing.Length > 0) throw NotSet(input, missing, warnings);
        return ContainerLimits.Of(after) with { Warning = warnings.Count == 0 ? null : $"{input.Container}: {string.Join(" ", warnings)} Look whether the kernel of {after.Host} counts it." };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var now = await engines.On(input.Container.Host!).Containers.InspectAsync(mark.Split(' ')[0], cancellationToken).ConfigureAwait(false);
        // What was to be changed in relation to the limits before cannot be told from the limits now: only the wish's own fields are looked at.
        if (!(LimitWish.Of(input, now) with { MemorySwap = null }).Missing(now).Any() && (input.Swap is null || now.SwapLimit == input.Swap)) return Settlement.Happened;
        return Mark(now) == mark ? Settlement.DidNotHappen : Settlement.Unknown;
    }

    private static string Mark(ContainerDetail container) =>
        string.Create(CultureInfo.InvariantCulture, $"{container.Id} {container.MemoryLimit} {container.SwapLimit?.ToString(CultureInfo.InvariantCulture) ?? "-"} {container.CpuLimit:R} {container.RestartPolicy} {container.RestartLimit}");

    // More than it may have now is no harm, and needs no look at what it uses.
    private static bool Lowers(ContainerDetail container, long memory) => container.MemoryLimit is 0 || memory < container.MemoryLimit;

    private static async Task DemandRoomAsync(DockerClient client, ContainerDetail container, long memory, CancellationToken cancellationToken)
    {
        var usage = await client.Containers.StatsAsync(container, cancellationToken).ConfigureAwait(false);
        if (usage is { Processes: > 0 } && usage.MemoryUsed <= memory) return;
        var now = usage.Processes > 0 ? $"uses {ByteSize.Format(usage.MemoryUsed)} now" : "runs, and its engine does not say what it uses";
        throw new HomelabException(
            ErrorKind.Conflict,
            "LimitBelowUsage",
            $"Container {container} {now}: with {ByteSize.Format(memory)} the kernel may kill it. Give it more, restart it first, or say belowUsage.",
            container.ToString())
        { NothingHappened = true };
    }

    private static IEnumerable<string> Words(Input input)
    {
        if (input.Memory is { } memory) yield return $"memory {ByteSize.Format(memory)}";
        if (input.Swap is { } swap) yield return $"swap {ByteSize.Format(swap)}";
        if (input.Cpu is { } cpu) yield return string.Create(CultureInfo.InvariantCulture, $"cpu {cpu:0.###}");
        if (input.RestartPolicy is { } policy) yield return $"restart {LimitWish.Word(policy)}";
        if (input.RestartLimit is { } limit) yield return string.Create(CultureInfo.InvariantCulture, $"at most {limit} restarts");
        if (input.BelowUsage) yield return "below what it uses too";
    }

    private static HomelabException NotSet(Input input, string[] missing, IReadOnlyList<string> warnings) => new(
        ErrorKind.Failed,
        "LimitsNotSet",
        $"The engine took the limits of {input.Container}, but {string.Join(", ", missing)}.{(warnings.Count == 0 ? "" : $" It says: {string.Join(" ", warnings)}")} Run Get-HlContainerDetail {input.Container} to see them.",
        input.Container.ToString());
}
