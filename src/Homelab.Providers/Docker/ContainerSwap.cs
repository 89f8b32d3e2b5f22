namespace Homelab.Providers.Docker;

/// <summary>
/// Puts a new container in the place of an old one of the same make. The old one is kept under another name until the new one is seen to be up; whatever fails before brings it back.
/// Every state that a kill can leave is told from every other by names alone: <c>name.hl-new</c> was made and never started, <c>name.hl-old</c> is what was there before.
/// </summary>
internal sealed class ContainerSwap(DockerClient client, ContainerRef container, ContainerActs acts, TimeSpan settle, OperationContext context)
{
    internal const string OldEnding = ".hl-old";
    internal const string NewEnding = ".hl-new";

    // Whoever called may have left: the way back has a time of its own.
    private static readonly TimeSpan s_wayBack = TimeSpan.FromMinutes(2);

    private readonly string _activity = $"Resetting {container}";
    private string? _newId;
    private ContainerAct? _newAct;

    // Once the old one was touched.
    private bool _begun;

    // Once there is no way back any more, only on.
    private bool _isUp;

    private string OldName => container.Name + OldEnding;

    private string NewName => container.Name + NewEnding;

    /// <summary>Finds what a swap that was ended in the middle has left, and brings it to an end or takes it back.</summary>
    /// <returns>The new container where the earlier swap only had to be finished; null where everything is as before it.</returns>
    /// <exception cref="HomelabException"><c>ContainerNameTaken</c> (Conflict): somebody else's container has one of our two names.</exception>
    internal async Task<ContainerDetail?> FinishEarlierAsync(CancellationToken cancellationToken)
    {
        var seen = await SwapLook.OfAsync(client, container.Name, cancellationToken).ConfigureAwait(false);
        if (seen.New is { } left)
        {
            if (left.StartedAt != DateTimeOffset.MinValue) throw Taken(left, "was started, which ours never are");
            context.Report(_activity, "removing what an earlier try has left");
            await client.Making.RemoveAsync(left.Id, cancellationToken).ConfigureAwait(false);
            context.SayActed();
        }

        if (seen.Old is not { } old) return null;
        if (seen.Present is not { } present)
        {
            await client.Making.RenameAsync(old.Id, container.Name, cancellationToken).ConfigureAwait(false);
            context.SayActed();
            return null;
        }

        if (!IsMadeAnew(present, old)) throw Taken(old, $"is of another make than {present}");
        if (await IsUpAsync(present, cancellationToken).ConfigureAwait(false))
        {
            context.Report(_activity, "finishing an earlier try");
            await RemoveOldAsync(old.Id, cancellationToken).ConfigureAwait(false);
            return present;
        }

        context.Report(_activity, "taking an earlier try back");
        await client.Making.RemoveAsync(present.Id, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        await client.Making.RenameAsync(old.Id, container.Name, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<bool> IsUpAsync(ContainerDetail present, CancellationToken cancellationToken)
    {
        if (!ContainerCheck.Of(present).IsUp) return false;
        try
        {
            await new ContainerWatch(client, container, context).StaysUpAsync(present, settle, _activity, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HomelabException e) when (e.Id is "ContainerNotRunning" or "ContainerNotHealthy")
        {
            context.Report(_activity, e.What);
            return false;
        }
    }

    /// <summary>Does it.</summary>
    /// <param name="old">What is there.</param>
    /// <param name="blueprint">What it was made from.</param>
    /// <param name="grace">How long it may take to end by itself.</param>
    /// <param name="timeout">How long the new one may take to be up.</param>
    /// <param name="cancellationToken">Brings the old one back.</param>
    /// <exception cref="HomelabException"><c>ContainerNotReset</c> (Failed): the old one is back; <c>ContainerResetStuck</c> (Unavailable): it could not be brought back.</exception>
    internal async Task<ContainerDetail> RunAsync(ContainerDetail old, ContainerBlueprint blueprint, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var act = acts.Begin(old.Id);
        try
        {
            var after = await ReplaceAsync(old, blueprint, grace, timeout, cancellationToken).ConfigureAwait(false);
            _newAct!.EndWell();
            act.EndGone();
            await RemoveOldAsync(old.Id, CancellationToken.None).ConfigureAwait(false);
            return after;
        }
        catch (Exception e) when (!_isUp)
        {
            await TakeBackAsync(old, e).ConfigureAwait(false);
            _newAct?.EndGone();
            act.EndWell();
            if (e is OperationCanceledException || !_begun) throw;
            throw NotReset(old, e);
        }
        finally
        {
            _newAct?.Dispose();
        }
    }

    private async Task<ContainerDetail> ReplaceAsync(ContainerDetail old, ContainerBlueprint blueprint, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken)
    {
        context.Report(_activity, "making the new one");
        _newId = await client.Making.CreateAsync(NewName, blueprint.Body, cancellationToken).ConfigureAwait(false);
        _newAct = acts.Begin(_newId);
        foreach (var (network, endpoint) in blueprint.Further) await client.Making.ConnectAsync(network, _newId, endpoint, cancellationToken).ConfigureAwait(false);
        _begun = true;
        context.SayActed();
        if (!ContainerWatch.IsStopped(old.State))
        {
            context.Report(_activity, "stopping the old one");
            await client.Containers.StopAsync(old.Id, grace, StopContainer.Patience(grace, timeout), cancellationToken).ConfigureAwait(false);
            await new ContainerWatch(client, container, context).StoppedAsync(old.Id, cancellationToken).ConfigureAwait(false);
        }

        await client.Making.RenameAsync(old.Id, OldName, cancellationToken).ConfigureAwait(false);
        await client.Making.RenameAsync(_newId, container.Name, cancellationToken).ConfigureAwait(false);
        context.Report(_activity, "starting the new one");
        await client.Containers.StartAsync(_newId, timeout, cancellationToken).ConfigureAwait(false);
        var after = await new ContainerWatch(client, container, context).UntilUpAsync(_newId, previousStart: null, timeout, _activity, cancellationToken).ConfigureAwait(false);
        after = await new ContainerWatch(client, container, context).StaysUpAsync(after, settle, _activity, cancellationToken).ConfigureAwait(false);
        _isUp = true;
        return after;
    }

    private async Task TakeBackAsync(ContainerDetail old, Exception cause)
    {
        context.Report(_activity, "taking it back");
        using var deadline = new CancellationTokenSource(s_wayBack, context.Time);
        try
        {
            var seen = await SwapLook.OfAsync(client, container.Name, deadline.Token).ConfigureAwait(false);
            // Where the answer was lost, the name tells what was made.
            if ((_newId ?? seen.New?.Id) is { } made && made != old.Id) await client.Making.RemoveAsync(made, deadline.Token).ConfigureAwait(false);
            if (!_begun) return;
            var now = await client.Containers.InspectAsync(old.Id, deadline.Token).ConfigureAwait(false);
            if (now.Name != container.Name) await client.Making.RenameAsync(old.Id, container.Name, deadline.Token).ConfigureAwait(false);
            if (Ran(old) && now.State is not ContainerState.Running) await client.Containers.StartAsync(old.Id, s_wayBack, deadline.Token).ConfigureAwait(false);
            now = await client.Containers.InspectAsync(old.Id, deadline.Token).ConfigureAwait(false);
            if (now.Name == container.Name && (!Ran(old) || now.State is ContainerState.Running or ContainerState.Restarting)) return;
            throw new HomelabException(ErrorKind.Failed, "ContainerNotRunning", $"{now} is {now.State.ToString().ToLowerInvariant()}.", container.ToString());
        }
        catch (Exception e)
        {
            throw Stuck(cause, e);
        }
    }

    private async Task RemoveOldAsync(string id, CancellationToken cancellationToken)
    {
        context.Report(_activity, "removing the old one");
        await client.Making.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        var seen = await SwapLook.OfAsync(client, container.Name, cancellationToken).ConfigureAwait(false);
        if (seen.Old is not { } left) return;
        throw new HomelabException(ErrorKind.Failed, "ContainerLeftOver", $"The new {container} is up, but the old one is still there as {left}. Run Reset-HlContainer {container} again, which removes it.", container.ToString());
    }

    private static bool Ran(ContainerDetail container) => container.State is ContainerState.Running or ContainerState.Restarting;

    // Two of one make: a new one is given the very labels of the old one.
    private static bool IsMadeAnew(ContainerDetail present, ContainerDetail old) =>
        present.Created > old.Created && present.Labels.Count == old.Labels.Count && present.Labels.All(l => old.Labels.TryGetValue(l.Key, out var value) && value == l.Value);

    private HomelabException Taken(ContainerDetail other, string why) => new(
        ErrorKind.Conflict,
        "ContainerNameTaken",
        $"There is a container {other}, a name that resetting {container} needs, and it {why}. Rename it or remove it, then try again.",
        container.ToString())
    { NothingHappened = true };

    private HomelabException NotReset(ContainerDetail old, Exception cause)
    {
        var wayOut = $"Run Get-HlContainerLog {container} and look at what it is made from.";
        return new HomelabException(
            ErrorKind.Failed,
            "ContainerNotReset",
            $"A new container in the place of {container} did not work out: {(cause is HomelabException known ? known.What : cause.Message)} The old one is back{(Ran(old) ? " and runs" : "")}. {wayOut}",
            container.ToString(),
            cause)
        { WayOut = wayOut };
    }

    private HomelabException Stuck(Exception cause, Exception e)
    {
        var wayOut = $"Run Reset-HlContainer {container} again once the engine answers: it goes on from what is there ({OldName} is the old one).";
        return new HomelabException(
            ErrorKind.Unavailable,
            "ContainerResetStuck",
            $"A new container in the place of {container} did not work out ({cause.Message.TrimEnd('.')}), and the old one could not be brought back: {e.Message.TrimEnd('.')}. {wayOut}",
            container.ToString(),
            e)
        { WayOut = wayOut };
    }
}

/// <summary>The containers that have the names a swap uses; null where there is none of a name.</summary>
internal sealed record SwapLook(ContainerDetail? Present, ContainerDetail? Old, ContainerDetail? New)
{
    internal static async Task<SwapLook> OfAsync(DockerClient client, string name, CancellationToken cancellationToken) => new(
        await TryAsync(client, name, cancellationToken).ConfigureAwait(false),
        await TryAsync(client, name + ContainerSwap.OldEnding, cancellationToken).ConfigureAwait(false),
        await TryAsync(client, name + ContainerSwap.NewEnding, cancellationToken).ConfigureAwait(false));

    private static async Task<ContainerDetail?> TryAsync(DockerClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            var seen = await client.Containers.InspectAsync(name, cancellationToken).ConfigureAwait(false);
            // The engine takes the beginning of an id for a name.
            return seen.Name == name ? seen : null;
        }
        catch (HomelabException e) when (e.Id == "ContainerNotFound")
        {
            return null;
        }
    }
}
