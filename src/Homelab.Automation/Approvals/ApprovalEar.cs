using Homelab.Automation.Healing;

namespace Homelab.Automation.Approvals;

/// <summary>Takes the answers of one channel to the desk, which alone says what they are worth. An answer that comes twice, as after a kill, counts once.</summary>
internal sealed class ApprovalEar(IApprovalChannel channel, IStateStore store, HealingContext context, Action answered)
{
    // Longer than any channel holds a question for answers: who was listened to for this long was not in trouble.
    private static readonly TimeSpan s_isWell = TimeSpan.FromMinutes(2);
    private const int MostRaces = 5;

    private readonly TroubleVoice _trouble = new(context, $"answers on {channel.Name}", $"answers on {channel.Name} are not heard");
    private readonly TroubleVoice _silence = new(context, $"words to people on {channel.Name}", $"people on {channel.Name} are not told what came of their answers");

    /// <summary>Listens until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause;
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var listening = ListenAsync(cancellationToken);
            try
            {
                // That nobody says anything is no trouble.
                if (_trouble.Lasts && await Task.WhenAny(listening, Task.Delay(s_isWell, context.Time, watching.Token)).ConfigureAwait(false) != listening) _trouble.Over();
                await watching.CancelAsync().ConfigureAwait(false);
                await listening.ConfigureAwait(false);
                throw new HomelabException(ErrorKind.Unavailable, "ChannelEnded", $"Channel {channel.Name} ended by itself. It is listened to again.", channel.Name);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                pause = _trouble.Say(e);
            }

            await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!await store.ClaimChannelAsync(channel.Name, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(context.Store.TakeOverEvery, context.Time, cancellationToken).ConfigureAwait(false);
        }

        var cursor = await store.FindCursorAsync(channel.Name, cancellationToken).ConfigureAwait(false);
        await foreach (var reply in channel.ListenAsync(cursor, cancellationToken).ConfigureAwait(false))
        {
            _trouble.Over();
            // When the store cannot be written it is thrown from here, the cursor stays, and the answer comes again.
            if (await TakeAsync(reply, cancellationToken).ConfigureAwait(false) is { } said) await AcknowledgeAsync(reply, said, cancellationToken).ConfigureAwait(false);
            await store.SaveCursorAsync(channel.Name, reply.Cursor, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <returns>What to tell the person; null where it was no answer at all.</returns>
    private async Task<Said?> TakeAsync(ApprovalReply reply, CancellationToken cancellationToken)
    {
        var isTyped = reply.Word == ApprovalWord.Typed;
        var message = reply.Nonce is { } nonce
            ? await store.FindMessageAsync(channel.Name, nonce, cancellationToken).ConfigureAwait(false)
            : (await store.ListOpenMessagesAsync(channel.Name, cancellationToken).ConfigureAwait(false)).FirstOrDefault(m => m.Has(reply.Answers));
        if (message is null && isTyped) return null;
        // Forwarded, from another chat, or put by a process that died before it knew that it had.
        if (message is null || (message.Reference is not null && !message.Has(reply.Answers))) return new Said("This button is dead. Look for a newer message with the same question.", IsRefusal: true);

        var approval = await context.Approvals.GetAsync(message.Approval, cancellationToken).ConfigureAwait(false);
        // People talk below questions too: only where the name is asked for is a text an answer.
        if (isTyped && (approval.Status != ApprovalStatus.Pending || approval.Confirmations.Count == 0)) return null;
        if (reply.Refusal is { } refusal)
        {
            await context.Approvals.NoteRefusalAsync(approval, reply.Approver, refusal, cancellationToken).ConfigureAwait(false);
            return new Said(refusal, IsRefusal: true);
        }

        await store.SavePersonAsync(approval.Id, channel.Name, reply.Approver, reply.Name, cancellationToken).ConfigureAwait(false);
        return await GiveAsync(approval, reply, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Said> GiveAsync(Approval approval, ApprovalReply reply, CancellationToken cancellationToken)
    {
        for (var race = 1; ; race++)
        {
            try
            {
                var given = reply.Word == ApprovalWord.No
                    ? await context.Approvals.DenyAsync(approval.Id, reply.Approver, cancellationToken).ConfigureAwait(false)
                    : await context.Approvals.ApproveAsync(approval.Id, reply.Approver, reply.Word == ApprovalWord.Typed ? reply.Text ?? "" : null, cancellationToken).ConfigureAwait(false);
                answered();
                return new Said(given.Status switch
                {
                    ApprovalStatus.Denied => $"Denied: {approval.Question}",
                    ApprovalStatus.Approved => $"Approved: {approval.Question}",
                    _ => $"Yes {given.Confirmations.Count} of {given.Needed}. One more, different confirmation is needed.",
                }, IsRefusal: false);
            }
            catch (HomelabException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.Denied or ErrorKind.Refused or ErrorKind.Invalid or ErrorKind.NotFound)
            {
                // Two people answered in the same moment, and both answers count.
                if (e.Kind == ErrorKind.Conflict && race < MostRaces && await IsPendingAsync(approval.Id, cancellationToken).ConfigureAwait(false)) continue;
                answered();
                return new Said(e.Message, IsRefusal: true);
            }
        }
    }

    private async Task<bool> IsPendingAsync(string id, CancellationToken cancellationToken) =>
        await context.Approvals.GetAsync(id, cancellationToken).ConfigureAwait(false) is { Status: ApprovalStatus.Pending };

    private async Task AcknowledgeAsync(ApprovalReply reply, Said said, CancellationToken cancellationToken)
    {
        try
        {
            await reply.AcknowledgeAsync(said.Text, said.IsRefusal, cancellationToken).ConfigureAwait(false);
            _silence.Over();
        }
        catch (HomelabException e)
        {
            // The answer counts; the question itself says how it stands.
            _silence.Say(e);
        }
    }

    private sealed record Said(string Text, bool IsRefusal);
}
