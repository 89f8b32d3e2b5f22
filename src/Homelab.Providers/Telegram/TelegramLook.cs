namespace Homelab.Providers.Telegram;

/// <summary>Looks whether the bot's token is accepted and the chat can be found. Sends nothing.</summary>
/// <remarks>Bot API: <c>getMe</c>, <c>getChat</c>, <c>getWebhookInfo</c>.</remarks>
internal static class TelegramLook
{
    internal static ConnectionLook At(BotClient client, TelegramDefinition definition, ISecretSource secrets) =>
        new(BotClient.Target, "Look at notify.telegram in the lab file.", cancellationToken => LookAsync(client, definition, secrets, cancellationToken));

    private static async Task<IReadOnlyList<LabCheck>> LookAsync(BotClient client, TelegramDefinition definition, ISecretSource secrets, CancellationToken cancellationToken)
    {
        var token = await secrets.ResolveAsync(definition.Token, cancellationToken).ConfigureAwait(false);
        BotAnswer me;
        try
        {
            me = await client.GetMeAsync(token, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "TelegramTokenRefused")
        {
            return [LabCheck.Failed(ConnectionLook.Rights, BotClient.Target, e, "@BotFather gives tokens.")];
        }

        var reached = LabCheck.Ok(ConnectionLook.Connection, BotClient.Target, $"the bot is @{ForeignText.Clean(me.Username ?? "?", 64)}");
        try
        {
            var chat = await secrets.ResolveAsync(definition.Chat, cancellationToken).ConfigureAwait(false);
            var found = await client.GetChatAsync(token, chat, cancellationToken).ConfigureAwait(false);
            var known = LabCheck.Ok(ConnectionLook.Rights, BotClient.Target, $"the chat is known to the bot ({ForeignText.Clean(found.ChatType ?? "of an unknown kind", 40)})");
            return definition.Approvers.Count == 0 ? [reached, known] : [reached, known, await LookForAnswersAsync(client, token, cancellationToken).ConfigureAwait(false)];
        }
        catch (HomelabException e)
        {
            return [reached, LabCheck.Failed(ConnectionLook.Rights, BotClient.Target, e, "Look at notify.telegram.chat in the lab file.")];
        }
    }

    // Whoever has a webhook gets all answers, and who asks for them none.
    private static async Task<LabCheck> LookForAnswersAsync(BotClient client, Secret token, CancellationToken cancellationToken) =>
        await client.GetWebhookHostAsync(token, cancellationToken).ConfigureAwait(false) is { } host
            ? LabCheck.Failed(ConnectionLook.Rights, BotClient.Target, client.WebhookSet(host), "")
            : LabCheck.Ok(ConnectionLook.Rights, BotClient.Target, "answers of people can be fetched");
}
