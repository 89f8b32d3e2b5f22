using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Automation.Notifications;

/// <summary>Sends a text to people, on every channel of the lab or on one. It is on disk before it is sent, and tried until it is taken.</summary>
[Operation("notify_send", Level.Monitor, Risk.Change, Unattended = Requirement.Auto)]
[Description("Sends a text to people by the lab's channels, such as Telegram. It says who sent it.")]
[Example("Send-HlNotification 'The rack is moved at noon.'", "Tell people on every channel.")]
[Example("Get-HlContainer -State Exited | Format-Table | Out-String | Send-HlNotification -Channel telegram", "Tell what was found on one channel.")]
public sealed class SendNotification(NoticePost post) : Change<SendNotification.Input, Notification>
{
    private const int LongestText = 3_500;
    private const int ShownLength = 12;

    /// <summary>What, and where.</summary>
    public sealed record Input
    {
        /// <summary>The text.</summary>
        [Subject, StringLength(LongestText, MinimumLength = 1), Description("The text, plain: nothing in it is taken for markup.")]
        public required string Text { get; init; }

        /// <summary>The one channel.</summary>
        [Description("The one channel to send it on, as under notify: in the lab file. All of them when not given.")]
        public string? Channel { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait until every channel has taken it. After that it is still tried, as long as the program serves."), DurationRange("0s", "5m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Send notification", new Target("channel", input.Channel ?? "all"));

    /// <inheritdoc/>
    protected override Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(input.Text)) throw new InputException([new InputProblem("text", null, "says nothing", "Say something.")]);
        if (post.Channels.Count == 0)
        {
            throw new HomelabException(ErrorKind.NotFound, "ChannelNotFound", "No channel to people is configured. Name one under notify: in the lab file, such as notify.telegram.", input.Channel) { NothingHappened = true };
        }

        if (input.Channel is { } only && !post.Channels.Contains(only, StringComparer.Ordinal))
        {
            throw new HomelabException(ErrorKind.NotFound, "ChannelNotFound", $"There is no channel '{only}'. {NearestName.Hint(only, [.. post.Channels])}", only) { NothingHappened = true };
        }

        // A target of its own: two texts are sent beside one another, and each only once. What counts up is at the beginning of an id, what no two have at its end.
        var id = Guid.CreateVersion7(context.Time.GetUtcNow()).ToString("N");
        var channels = ChannelsOf(input);
        return Task.FromResult(new Prepared<Input>(input, id) { Target = new Target("notification", $"{string.Join('+', channels)}/{id[^ShownLength..]}") { Aliases = [id, .. channels] } });
    }

    /// <inheritdoc/>
    protected override async Task<Notification> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var id = context.Mark ?? throw new InvalidOperationException("A change began without the mark of its preparation.");
        var now = context.Time.GetUtcNow();
        var channels = ChannelsOf(input);
        // Whoever reads it must not take it for the program's own words.
        var text = $"📣 {context.Caller}:\n{input.Text}";
        await post.WriteAsync(id, text, channels, now, cancellationToken).ConfigureAwait(false);
        var sent = await post.SendAsync(id, channels, input.Timeout, cancellationToken).ConfigureAwait(false);
        return new Notification { Id = id, Text = text, SentOn = sent, WaitsFor = [.. channels.Except(sent, StringComparer.Ordinal)], At = now };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        foreach (var channel in ChannelsOf(input))
        {
            // Written down for all at once: what is on disk is sent, now or later.
            if (await post.HasAsync(mark, channel, cancellationToken).ConfigureAwait(false)) return Settlement.Happened;
        }

        return Settlement.DidNotHappen;
    }

    private IReadOnlyList<string> ChannelsOf(Input input) => input.Channel is { } only ? [only] : post.Channels;
}
