using System.Collections.Immutable;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Approvals;

/// <summary>
/// Carries questions to people and their answers back, on every channel, as long as the program serves. All it knows is in the store: a kill at any moment loses no question
/// and no answer. A message may come twice when the process dies between sending it and noting that; the buttons of the older one are dead then.
/// </summary>
/// <param name="channels">The ways to people.</param>
/// <param name="store">Where it is written down.</param>
/// <param name="policy">How approvals are given.</param>
/// <param name="context">What all parts of healing share.</param>
public sealed class ApprovalCourier(IEnumerable<IApprovalChannel> channels, IStateStore store, ApprovalPolicy policy, HealingContext context) : IAsyncDisposable
{
    private readonly IReadOnlyList<IApprovalChannel> _channels = [.. channels];
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    /// <summary>Begins. Call once, before anything may be asked: from here on nobody is told of a question by a plain message who is asked by a channel.</summary>
    public void Start()
    {
        context.AskedOn = [.. _channels.Select(static c => c.Name)];
        Begin(ExpireAsync);
        foreach (var channel in _channels)
        {
            var post = new ApprovalPost(channel, store, policy, context);
            Begin(post.RunAsync);
            Begin(new ApprovalEar(channel, store, context, post.Wake).RunAsync);
        }
    }

    /// <summary>Stops. What is under way is left as the store has it, to be taken up at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.AskedOn = ImmutableArray<string>.Empty;
        _stopping.Dispose();
    }

    private void Begin(Func<CancellationToken, Task> loop) => _loops.Add(Task.Run(() => loop(_stopping.Token), CancellationToken.None));

    /// <summary>No answer means no, also where there is no channel and nobody looks.</summary>
    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var trouble = new TroubleVoice(context, "approvals", "approvals cannot be looked after");
        while (true)
        {
            try
            {
                await context.Approvals.ListPendingAsync(cancellationToken).ConfigureAwait(false);
                foreach (var approved in await store.ListApprovalsAsync(ApprovalStatus.Approved, cancellationToken).ConfigureAwait(false))
                {
                    await context.Approvals.GetAsync(approved.Id, cancellationToken).ConfigureAwait(false);
                }

                trouble.Over();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                trouble.Say(e);
            }

            await Task.Delay(context.Tempo.ApprovalPoll, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
