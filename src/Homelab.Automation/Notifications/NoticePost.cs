using Homelab.Automation.Healing;

namespace Homelab.Automation.Notifications;

/// <summary>Takes texts for people that somebody wants sent: on disk first, one for each channel, and from there by whoever sends the lab's messages.</summary>
/// <param name="store">Where they are written down.</param>
public sealed class NoticePost(IHealingStore store)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(100);

    private HealingContext? _context;

    /// <summary>The channels there are.</summary>
    internal IReadOnlyList<string> Channels => _context?.Outbox.Channels ?? [];

    /// <summary>Lets it send by the outbox of a lab. Call once, when that is there.</summary>
    public void Serve(HealingContext context) => _context = context;

    /// <summary>Writes a text down.</summary>
    internal Task WriteAsync(string id, string text, IReadOnlyList<string> channels, DateTimeOffset now, CancellationToken cancellationToken) => store.SaveAsync(
        new HealingChange { Notices = [.. channels.Select(c => new Notice { Id = NameOf(id, c), Incident = id, Text = text, Channel = c, CreatedAt = now })] },
        cancellationToken);

    /// <summary>Waits until it is sent, or no longer than this.</summary>
    /// <returns>The channels that have taken it.</returns>
    internal async Task<IReadOnlyList<string>> SendAsync(string id, IReadOnlyList<string> channels, TimeSpan patience, CancellationToken cancellationToken)
    {
        var context = _context ?? throw new InvalidOperationException("A text was to be sent before there was a lab to send it.");
        if (!context.Outbox.IsRunning) await context.Outbox.SendOfAsync(new HashSet<string>(StringComparer.Ordinal) { id }, cancellationToken).ConfigureAwait(false);
        else context.Outbox.Wake();

        var until = context.Now + patience;
        while (true)
        {
            var sent = new List<string>();
            foreach (var channel in channels)
            {
                if (await store.FindNoticeAsync(NameOf(id, channel), cancellationToken).ConfigureAwait(false) is { SentAt: not null }) sent.Add(channel);
            }

            if (sent.Count == channels.Count || !context.Outbox.IsRunning || context.Now >= until) return sent;
            await Task.Delay(s_every, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when it is on disk, and will be sent.</summary>
    internal async Task<bool> HasAsync(string id, string channel, CancellationToken cancellationToken) => await store.FindNoticeAsync(NameOf(id, channel), cancellationToken).ConfigureAwait(false) is not null;

    private static string NameOf(string id, string channel) => $"{id}/{channel}";
}
