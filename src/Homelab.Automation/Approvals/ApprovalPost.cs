using System.Security.Cryptography;
using System.Threading.Channels;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Approvals;

/// <summary>Puts the questions on one channel, and keeps them saying how they stand.</summary>
internal sealed class ApprovalPost(IApprovalChannel channel, IStateStore store, ApprovalPolicy policy, HealingContext context)
{
    // 128 bits: whoever sees one button cannot guess another.
    private const int NonceBytes = 16;

    // Of the time that a question stands.
    private const double ReminderAt = 0.8;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TroubleVoice _trouble = new(context, $"questions on {channel.Name}", $"questions cannot be put on {channel.Name}");

    /// <summary>Says that something has been answered.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Goes round until cancelled. Other processes ask and answer too, so that it looks again and again.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = context.Tempo.ApprovalPoll;
            try
            {
                await RoundAsync(cancellationToken).ConfigureAwait(false);
                _trouble.Over();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                pause = _trouble.Say(e);
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_wake.Reader.WaitToReadAsync(waiting.Token).AsTask(), Task.Delay(pause, context.Time, waiting.Token)).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            _wake.Reader.TryRead(out _);
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        // Where several processes serve the lab, one of them speaks with people.
        if (!await store.ClaimChannelAsync(channel.Name, cancellationToken).ConfigureAwait(false)) return;
        // One question that the channel will not take must not keep the others from people.
        Exception? failure = null;
        foreach (var message in await store.ListOpenMessagesAsync(channel.Name, cancellationToken).ConfigureAwait(false))
        {
            failure = await TryAsync(() => FollowAsync(message, cancellationToken), cancellationToken).ConfigureAwait(false) ?? failure;
        }

        foreach (var approval in await context.Approvals.ListPendingAsync(cancellationToken).ConfigureAwait(false))
        {
            failure = await TryAsync(() => ShowAsync(approval, cancellationToken), cancellationToken).ConfigureAwait(false) ?? failure;
        }

        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    private static async Task<Exception?> TryAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await act().ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }

    /// <summary>Puts a question that was not put yet.</summary>
    private async Task ShowAsync(Approval approval, CancellationToken cancellationToken)
    {
        // The nonce is written down before it is sent: an answer that comes at once is known, and what a dead process may have sent is not any more.
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        if (await store.ClaimMessageAsync(approval.Id, channel.Name, nonce, cancellationToken).ConfigureAwait(false) is not { } message) return;
        var card = await CardAsync(approval, message, cancellationToken).ConfigureAwait(false);
        var reference = await channel.ShowAsync(card, cancellationToken).ConfigureAwait(false);
        await store.SaveMessageAsync(message with { Reference = reference, Shown = card.Key }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Lets a message say what has become of its question.</summary>
    private async Task FollowAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        var approval = await context.Approvals.GetAsync(message.Approval, cancellationToken).ConfigureAwait(false);
        var card = await CardAsync(approval, message, cancellationToken).ConfigureAwait(false);
        if (message.Reference is not { } reference)
        {
            // Never seen by anybody, as far as is known: what is over needs not be put.
            if (!card.IsOpen) await store.SaveMessageAsync(message with { IsFinal = true }, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (card.Key == message.Shown) return;
        // Whose answer made the difference was written down before it: read again, so that their name is not missed.
        message = await store.FindMessageAsync(channel.Name, message.Nonce, cancellationToken).ConfigureAwait(false) ?? message;
        card = card with { People = message.People };
        try
        {
            reference = await channel.UpdateAsync(reference, card with { News = card.NewsSince(message.Shown) }, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.NotFound && card.IsOpen)
        {
            // Somebody deleted it, and the question still stands: it is put anew, with buttons of its own.
            await store.SaveMessageAsync(message with { Reference = null, Shown = "" }, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (HomelabException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Invalid or ErrorKind.Denied)
        {
            // Trying again is no use. What was answered counts all the same, and the audit says it.
            context.Tell(HealingEventKind.Trouble, "", approval.RequestedBy.Incident ?? "", $"the question about approval {approval.Id} on {channel.Name} does not say how it stands: {e.Id}: {e.Message}");
        }

        await store.SaveMessageAsync(message with { Reference = reference, Shown = card.Key, IsFinal = card.IsFinal }, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<ApprovalCard> CardAsync(Approval approval, ApprovalMessage message, CancellationToken cancellationToken) => new()
    {
        Approval = approval,
        Nonce = message.Nonce,
        IsReminded = context.Now >= approval.RequestedAt + ((approval.ExpiresAt - approval.RequestedAt) * ReminderAt),
        TwoPeople = policy.TwoPeople,
        Change = approval.Status == ApprovalStatus.Used ? await store.FindChangeOfAsync(approval.Id, cancellationToken).ConfigureAwait(false) : null,
        People = message.People,
    };
}
