using Homelab.Automation.Tapes;

namespace Homelab.Automation.Healing;

public sealed partial class HealingEngine
{
    /// <summary>Takes one alert in: matches it with a service, writes it down, and sets healing off. When it returns, the alert is on disk.</summary>
    /// <param name="hook">The door by which it came.</param>
    /// <param name="alert">What it says.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AlertReceipt> AcceptAsync(string hook, Alert alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return AcceptAsync(new Caller(Face.Webhook, hook), alert, attendant: null, cancellationToken);
    }

    /// <param name="caller">The identity under which it is acted on.</param>
    /// <param name="alert">What it says.</param>
    /// <param name="attendant">The person for whose wish it is, if it is one's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<AlertReceipt> AcceptAsync(Caller caller, Alert alert, Attendant? attendant, CancellationToken cancellationToken)
    {
        var now = context.Now;
        var (service, why) = context.Services.Find(alert);
        var note = service is null ? null : Watch.NoteOf(alert, service, now);
        var record = new AlertRecord { Id = context.NewId(), Hook = caller.Identity, Alert = alert, ReceivedAt = now, Service = service, Note = note };
        var opens = service is null || note is not null ? null : Opens(record, service, caller, now);
        // It is ours from its first moment, and must not be taken for left before its worker has begun.
        if (opens is not null) _opening.TryAdd(opens.Id, false);
        try
        {
            var receipt = await context.Store.AcceptAsync(record, opens, cancellationToken).ConfigureAwait(false);
            context.Record?.Invoke(TapeEntry.Of(record) with { Incident = receipt.Incident?.Id, Duplicate = receipt.IsDuplicate });
            if (!receipt.IsDuplicate) await FollowUpAsync(record, receipt, why, attendant, cancellationToken).ConfigureAwait(false);
            return receipt;
        }
        finally
        {
            if (opens is not null) _opening.TryRemove(opens.Id, out _);
        }
    }

    private async Task FollowUpAsync(AlertRecord record, AlertReceipt receipt, string why, Attendant? attendant, CancellationToken cancellationToken)
    {
        var (alert, service) = (record.Alert, record.Service);
        Watch.Add(record);
        if (receipt.Incident is { } followed) attendant?.Follow(followed.Id);

        context.Tell(
            service is null ? HealingEventKind.AlertUnmatched : HealingEventKind.AlertAccepted,
            service ?? alert.Subject ?? "",
            receipt.Incident?.Id ?? "",
            service is null ? $"{alert.Message} ({why})".TrimStart() : record.Note is null ? alert.Message : $"{alert.Message} ({record.Note})");
        if (receipt is { Opened: true, Incident: { } opened })
        {
            context.Tell(HealingEventKind.IncidentOpened, opened.Service, opened.Id, alert.Message);
            Begin(opened, attendant);
        }
        else if (receipt.Incident is { } joined && alert.Status == AlertStatus.Up && record.Note is null)
        {
            Nudge(joined.Id);
        }
        else if (receipt.Incident is { } other && alert.Status == AlertStatus.Certificate)
        {
            // It joined an incident that is about something else, whose closing will not mention it.
            var text = $"🚨 {other.Service}\nStatus: ⚠️ Certificate Expires\n{alert.Message}";
            await context.Store.SaveAsync(new HealingChange { Notices = [new Notice { Id = $"{other.Id}/{alert.Fingerprint}", Incident = other.Id, Text = text, CreatedAt = context.Now }] }, cancellationToken).ConfigureAwait(false);
            context.Outbox.Wake();
        }
    }

    /// <summary>Takes in what a feed tells, until it is disposed. A feed or a store that fails is reported, and the feed is listened to again: it never falls silent.</summary>
    public void Listen(IAlertFeed feed) => _loops.Add(Task.Run(() => ListenAsync(feed), CancellationToken.None));

    private async Task ListenAsync(IAlertFeed feed)
    {
        var part = $"feed:{feed.Name}";
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                context.Vitals.Report(part, true, "is listened to");
                await foreach (var alert in feed.WatchAsync(_stopping.Token).ConfigureAwait(false)) await HearAsync(feed, part, alert).ConfigureAwait(false);
                context.Vitals.Report(part, false, "ended by itself");
                if (!_stopping.IsCancellationRequested) ReportTrouble($"feed '{feed.Name}' ended by itself and is listened to again");
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                context.Vitals.Report(part, false, e.Message);
                ReportTrouble($"feed '{feed.Name}' failed and is listened to again: {e.GetType().Name}: {e.Message}");
            }

            await Task.Delay(context.Tempo.FeedBackoff, context.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What a feed tells it tells once, and nobody sends it again: it waits until the store can take it, and what comes after it waits too.
    private async Task HearAsync(IAlertFeed feed, string part, Alert alert)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await AcceptAsync(feed.Name, alert, _stopping.Token).ConfigureAwait(false);
                if (tries > 1) context.Vitals.Report(part, true, "is listened to");
                return;
            }
            catch (HomelabException e) when (StateTrouble.Is(e))
            {
                context.Vitals.Report(part, false, e.Message);
                if (tries == 1) ReportTrouble($"what feed '{feed.Name}' tells cannot be written down, and is tried again until it can: {e.Message}");
            }

            await Task.Delay(context.Tempo.FeedBackoff, context.Time, _stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Reports a service that was found down while another one was looked into, as if its own alert had come. One that was given up a short while ago is not
    /// tried again for what is reported late.
    /// </summary>
    /// <param name="root">The root.</param>
    /// <param name="found">The incident that comes from it.</param>
    /// <param name="detail">What was seen of the root.</param>
    /// <param name="isUrgent">True to let the root's wait for its own tier end: it is as urgent as the one that needs it.</param>
    /// <param name="attendant">The person for whose wish it is, if it is one's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The root's incident.</returns>
    internal async Task<Incident?> ReportRootAsync(string root, Incident found, string detail, bool isUrgent, Attendant? attendant, CancellationToken cancellationToken)
    {
        var last = await context.Store.ListIncidentsAsync(new IncidentFilter { Service = root, Most = 1 }, cancellationToken).ConfigureAwait(false) is [var newest] ? newest : null;
        if (attendant is null && last is { Status: IncidentStatus.Escalated } && last.ClosedAt + context.Tempo.Aftermath > context.Now
            && (await context.Store.ListAlertsAsync(last.Id, cancellationToken).ConfigureAwait(false)).Any(a => a.Id == last.Alert && a.Alert.Status == AlertStatus.Down)) return last;
        var alert = new Alert
        {
            Source = OurSource,
            Status = AlertStatus.Down,
            Subject = context.Services.SubjectOf(root),
            Message = $"{detail}; found while looking into {found.Service}",
            At = context.Now,
            Fingerprint = $"root/{root}/{found.Id}/{context.Now.UtcTicks}",
        };
        var receipt = await AcceptAsync(found.Caller, alert, attendant, cancellationToken).ConfigureAwait(false);
        if (isUrgent && receipt.Incident is { } incident) Hurry(incident.Id);
        return receipt.Incident;
    }

    // Only what some runbook or a person must look after opens an incident: being down, running short, and a certificate that expires.
    private Incident? Opens(AlertRecord record, string service, Caller caller, DateTimeOffset now) =>
        record.Alert.Status is AlertStatus.Down or AlertStatus.Pressure or AlertStatus.Certificate
            ? new Incident
            {
                Id = context.NewId(),
                Service = service,
                Status = IncidentStatus.Waiting,
                Alert = record.Id,
                Message = record.Alert.Message,
                Caller = caller,
                OpenedAt = now,
                // Neither a certificate nor a person waits for the service to come back by itself.
                DueAt = record.Alert.Status == AlertStatus.Certificate || !caller.IsUnattended ? now : context.Tempo.DueAt(context.Services.Get(service).Tier, now),
                Runbook = context.Runbooks.Choose(service, context.Services.Get(service), record.Alert)?.Name,
                // Ours from its first moment: claiming it afterwards would be one more sync of the disk before anything is done.
                Owner = context.Store.Owner,
            }
            : null;
}
