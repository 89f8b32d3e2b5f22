using System.Runtime.CompilerServices;

namespace Homelab;

/// <summary>One look at something that a provider talks to.</summary>
/// <param name="Name">What is looked at: <c>docker@dev</c>.</param>
/// <param name="WayOut">What to do when it fails and does not say itself what to do.</param>
/// <param name="LookAsync">Looks. A <see cref="HomelabException"/> becomes a failed check of the group <c>connection</c>.</param>
public sealed record ConnectionLook(string Name, string WayOut, Func<CancellationToken, Task<IReadOnlyList<LabCheck>>> LookAsync)
{
    /// <summary>The group of checks whether something can be reached.</summary>
    public const string Connection = "connection";

    /// <summary>The group of checks whether a credential is accepted and has the rights it needs.</summary>
    public const string Rights = "rights";

    /// <summary>How long one may take: more than a client's own limit for a connection, whose message is the better one.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Looks at all at once, and tells what each found as it comes.</summary>
    public static async IAsyncEnumerable<LabCheck> AllAsync(IEnumerable<ConnectionLook> looks, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever stops listening stops the looks.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = looks.Select(look => look.MakeAsync(time, ending.Token)).ToList();
        try
        {
            await foreach (var done in Task.WhenEach(tasks).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var check in await done.ConfigureAwait(false)) yield return check;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyList<LabCheck>> MakeAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await LookAsync(either.Token).ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            return [LabCheck.Failed(Connection, Name, e, WayOut)];
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [LabCheck.Failed(Connection, Name, $"no answer within {Duration.Format(Limit)}", WayOut)];
        }
    }
}
