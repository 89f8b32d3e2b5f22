namespace Homelab;

/// <summary>One person's answer, as a channel brings it. What it is worth is for the desk to say.</summary>
public sealed record ApprovalReply
{
    /// <summary>Stands for it and all before it.</summary>
    public required string Cursor { get; init; }

    /// <summary>Yes, no, or a text.</summary>
    public required ApprovalWord Word { get; init; }

    /// <summary>Who, as the channel authenticated them: <c>telegram:1111</c>.</summary>
    public required string Approver { get; init; }

    /// <summary>What they call themselves. Foreign text, cleaned.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the button carried; null for what was typed.</summary>
    public string? Nonce { get; init; }

    /// <summary>The channel's name of the message that was answered.</summary>
    public required string Answers { get; init; }

    /// <summary>What was typed.</summary>
    public string? Text { get; init; }

    /// <summary>Why the channel itself does not take it: wrong place, wrong person; null where it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>Tells the person in one line what came of it. Second: true when it was not taken.</summary>
    public required Func<string, bool, CancellationToken, Task> AcknowledgeAsync { get; init; }
}

/// <summary>What somebody answered.</summary>
public enum ApprovalWord
{
    /// <summary>No.</summary>
    No,

    /// <summary>Yes.</summary>
    Yes,

    /// <summary>The target's name, or what was meant to be it.</summary>
    Typed,
}
