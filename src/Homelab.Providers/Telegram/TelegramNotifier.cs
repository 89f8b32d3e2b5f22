namespace Homelab.Providers.Telegram;

/// <summary>Tells people by a Telegram bot. Plain text: nothing in it is taken for markup.</summary>
/// <remarks>Bot API: <c>sendMessage</c>.</remarks>
public sealed class TelegramNotifier : INotifier, IDisposable
{
    // UTF-16 units, as Telegram counts them.
    private const int LongestText = 4096;

    private readonly TelegramDefinition _definition;
    private readonly ISecretSource _secrets;
    private readonly BotClient _client;

    /// <param name="definition">The bot and the chat.</param>
    /// <param name="secrets">Opens token and chat each time a text is sent, so that a new token works without a restart.</param>
    /// <param name="time">The clock of the timeout.</param>
    public TelegramNotifier(TelegramDefinition definition, ISecretSource secrets, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(secrets);
        _definition = definition;
        _secrets = secrets;
        _client = new BotClient(definition.Url, time);
    }

    /// <summary>Receives one line per call, without token and chat.</summary>
    public Action<string> Trace { get; init; } = static _ => { };

    /// <inheritdoc/>
    public string Name => "telegram";

    /// <inheritdoc/>
    /// <exception cref="HomelabException">
    /// <c>TelegramUnreachable</c>, <c>TelegramBusy</c> (Unavailable), <c>TelegramNoAnswer</c> (Timeout); <c>TelegramTokenRefused</c>, <c>TelegramChatRefused</c> (Denied);
    /// <c>TelegramMessageRefused</c> (Invalid).
    /// </exception>
    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new HomelabException(ErrorKind.Invalid, "TelegramMessageRefused", "An empty text cannot be sent by Telegram. Say something.", BotClient.Target);
        }

        var token = await _secrets.ResolveAsync(_definition.Token, cancellationToken).ConfigureAwait(false);
        var chat = await _secrets.ResolveAsync(_definition.Chat, cancellationToken).ConfigureAwait(false);
        await _client.SendMessageAsync(token, chat, ForeignText.Cut(text, LongestText), more: null, cancellationToken).ConfigureAwait(false);
        Trace("POST telegram sendMessage → ok");
    }

    /// <summary>What to look at, to see whether a message would come through.</summary>
    internal ConnectionLook Look => TelegramLook.At(_client, _definition, _secrets);

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _client.Dispose();
}
