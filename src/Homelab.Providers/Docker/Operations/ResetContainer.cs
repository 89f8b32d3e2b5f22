using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>
/// Makes a new container from what the old one was made from, in its place, and waits until it runs and is healthy. The old one is kept until then, and put back when that fails. What the
/// old one has written beside its volumes is lost.
/// </summary>
/// <remarks>
/// Engine API: <c>GET /containers/{id}/json</c>, <c>POST /containers/create</c>, <c>/networks/{id}/connect</c>, <c>/containers/{id}/stop</c>, <c>/rename</c>, <c>/start</c>, then
/// <c>DELETE /containers/{id}</c>. The CLI has no such command; <c>docker compose up --force-recreate</c> comes near.
/// </remarks>
[Operation("docker_recreate_container", Level.Manage, Risk.Disrupt, Unattended = Requirement.Ask, Patience = "35m")]
[Description("Makes a new container of the same image, settings, volumes and networks in the place of an old one, and waits until it is up. The old one is kept until then and put back when that fails. What it has written beside its volumes is lost.")]
[Example("Reset-HlContainer gitea@dev", "Make one container anew.")]
[Example("Reset-HlContainer gitea@dev -Grace 30s -Timeout 5m -PassThru", "Give the old one 30 seconds to end, the new one five minutes to be healthy, and show it.")]
public sealed class ResetContainer(DockerEngines engines) : Change<ResetContainer.Input, ContainerDetail>
{
    /// <summary>What to make anew.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until the new one runs and is healthy."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

        /// <summary>How long it must stay up.</summary>
        [Description("How long the new one must then stay up before the old one is removed: what dies of its settings does so in the first moments."), DurationRange("0s", "10m")]
        public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);

        /// <summary>How long the old one may take to end.</summary>
        [Description("How long the old one may take to end by itself before it is killed. The container's own setting, often 10s, when not given."), DurationRange("0s", "10m")]
        public TimeSpan? Grace { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Make container anew", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (container, name) = await FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        await DemandFaithfulAsync(container, cancellationToken).ConfigureAwait(false);
        return ContainerTarget.Prepare(container, input with { Container = new ContainerRef($"{name}@{container.Host}") });
    }

    /// <inheritdoc/>
    protected override async Task<ContainerDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = engines.On(input.Container.Host!);
        var swap = new ContainerSwap(client, input.Container, engines.Acts, input.Settle, context);
        if (await swap.FinishEarlierAsync(cancellationToken).ConfigureAwait(false) is { } finished) return finished;
        var old = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        var seen = await DemandFaithfulAsync(old, cancellationToken).ConfigureAwait(false);
        var blueprint = ContainerBlueprint.Of(seen);
        var image = seen["Image"]?.GetValue<string>();
        if (image is { Length: > 0 } && await client.Making.ImageIdAsync(blueprint.ImageName, cancellationToken).ConfigureAwait(false) != image)
        {
            context.Report($"Resetting {input.Container}", $"{blueprint.ImageName} is another image by now; the one it was made from is taken by its id");
            blueprint.Body["Image"] = image;
        }

        return await swap.RunAsync(old, blueprint, input.Grace, input.Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (ContainerMark.Read(mark) is not { } before) return Settlement.Unknown;
        var seen = await SwapLook.OfAsync(engines.On(input.Container.Host!), input.Container.Name, cancellationToken).ConfigureAwait(false);
        // In the middle: the next call finishes it or takes it back, and a look must not.
        if (seen is { Old: not null } or { Present: null }) return Settlement.Unknown;
        if (seen.Present.Id == before.Id) return seen.Present.State == before.State || ContainerCheck.Of(seen.Present).IsUp ? Settlement.DidNotHappen : Settlement.Unknown;
        return seen.New is null && ContainerCheck.Of(seen.Present).IsUp ? Settlement.Happened : Settlement.Unknown;
    }

    // Between two renames of an earlier try that was killed there is only the old one, under its other name.
    private async Task<(ContainerDetail Container, string Name)> FindAsync(ContainerRef wanted, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engines.FindAsync(wanted, cancellationToken).ConfigureAwait(false);
            if (!found.Name.EndsWith(ContainerSwap.OldEnding, StringComparison.Ordinal) && !found.Name.EndsWith(ContainerSwap.NewEnding, StringComparison.Ordinal)) return (found, found.Name);
            var name = found.Name[..^ContainerSwap.OldEnding.Length];
            throw Problem(found, "ContainerLeftOver", $"{found} is what an earlier reset has put aside.", $"Run Reset-HlContainer {name}@{found.Host}, which brings that to an end.");
        }
        catch (HomelabException e) when (e.Id == "ContainerNotFound")
        {
            try
            {
                var aside = new ContainerRef(wanted.Name + ContainerSwap.OldEnding + (wanted.Host is { } host ? "@" + host : ""));
                return (await engines.FindAsync(aside, cancellationToken).ConfigureAwait(false), wanted.Name);
            }
            catch (HomelabException none) when (none.Id == "ContainerNotFound")
            {
                throw DockerErrors.Rethrow(e);
            }
        }
    }

    private async Task<System.Text.Json.Nodes.JsonObject> DemandFaithfulAsync(ContainerDetail container, CancellationToken cancellationToken)
    {
        var client = engines.On(container.Host);
        var seen = await client.Making.ReadAsync(container.Id, cancellationToken).ConfigureAwait(false);
        if (ContainerBlueprint.WhyNot(seen, container) is { } why) throw Problem(container, "ContainerNotResettable", $"Another container like {container} cannot be made faithfully: {why}.", "Make it anew the way it was made.");
        var guests = await client.Making.NetworkGuestsAsync(container, cancellationToken).ConfigureAwait(false);
        if (guests.Count == 0) return seen;
        throw Problem(container, "ContainerNotResettable", $"{string.Join(", ", guests)} lives in the network of {container} and would lose it.", "Make all of them anew the way they were made.");
    }

    private static HomelabException Problem(ContainerDetail container, string id, string what, string wayOut) =>
        new(ErrorKind.Conflict, id, $"{what} {wayOut}", container.ToString()) { WayOut = wayOut, NothingHappened = true };
}
