namespace Homelab;

/// <summary>A question as it stands on one channel: what was put there, and where.</summary>
public sealed record ApprovalMessage
{
    /// <summary>The approval's id.</summary>
    public required string Approval { get; init; }

    /// <summary>The channel's name.</summary>
    public required string Channel { get; init; }

    /// <summary>What its buttons carry; not to be guessed, and another each time the question is put anew, which makes older buttons dead.</summary>
    public required string Nonce { get; init; }

    /// <summary>The channel's names of the messages it consists of, separated by blanks; null until the channel has said them.</summary>
    public string? Reference { get; init; }

    /// <summary>What it says, as <see cref="ApprovalCard.Key"/> writes it; empty until it was put.</summary>
    public string Shown { get; init; } = "";

    /// <summary>The names of those who answered on this channel, by their identities. Foreign text, cleaned.</summary>
    public IReadOnlyDictionary<string, string> People { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True when it says how the question ended, and will not change any more.</summary>
    public bool IsFinal { get; init; }

    /// <summary>True for a message that the question consists of.</summary>
    public bool Has(string name) => Reference is not null && Reference.Split(' ').Contains(name, StringComparer.Ordinal);
}
