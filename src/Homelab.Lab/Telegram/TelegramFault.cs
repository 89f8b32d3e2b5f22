namespace Homelab.Lab.Telegram;

/// <summary>What is wrong with a simulated Telegram.</summary>
public enum TelegramFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It answers 429 with <see cref="SimulatedTelegram.RetryAfter"/>.</summary>
    TooMany,

    /// <summary>It answers 500.</summary>
    ServerError,

    /// <summary>It never answers.</summary>
    Hang,

    /// <summary>It cuts the connection.</summary>
    HangUp,

    /// <summary>It answers 200 with a page that is not its own.</summary>
    Page,
}
