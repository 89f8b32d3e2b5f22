namespace Homelab.Lab.Telegram;

/// <summary>A message that the bot sent, as it reads now.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="Chat">The chat it went to.</param>
/// <param name="Text">What it says.</param>
/// <param name="At">When it came.</param>
public sealed record TelegramMessage(int Id, string Chat, string Text, DateTimeOffset At)
{
    /// <summary>The buttons below it, row by row.</summary>
    public IReadOnlyList<TelegramButton> Buttons { get; init; } = [];

    /// <summary>The message that it answers.</summary>
    public int? ReplyTo { get; init; }

    /// <summary>True when it opens an answer to it on people's screens.</summary>
    public bool ForcesReply { get; init; }

    /// <summary>How often it was changed.</summary>
    public int Edits { get; init; }
}

/// <summary>A button below a message.</summary>
/// <param name="Text">What people read on it.</param>
/// <param name="Data">What it carries.</param>
public sealed record TelegramButton(string Text, string Data);

/// <summary>Somebody with an account.</summary>
/// <param name="Id">The user id.</param>
/// <param name="Name">The first name.</param>
public sealed record TelegramUser(long Id, string Name);

/// <summary>What somebody saw who pressed a button.</summary>
/// <param name="Text">What was said to them; empty when the button only stopped to blink.</param>
/// <param name="IsAlert">True when it had to be closed by hand.</param>
public sealed record TelegramToast(string Text, bool IsAlert);
