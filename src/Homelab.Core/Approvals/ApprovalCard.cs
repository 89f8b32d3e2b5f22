using System.Globalization;
using System.Text;

namespace Homelab;

/// <summary>A question as people see it on a channel, and how it stands.</summary>
public sealed record ApprovalCard
{
    // What a question quotes may come from a monitor, a container's name or a command line.
    private const int LongestLine = 600;

    /// <summary>The question.</summary>
    public required Approval Approval { get; init; }

    /// <summary>What its buttons carry.</summary>
    public required string Nonce { get; init; }

    /// <summary>True when most of its time is over.</summary>
    public bool IsReminded { get; init; }

    /// <summary>True when two confirmations must come from two people.</summary>
    public bool TwoPeople { get; init; }

    /// <summary>What is new since the card was shown last, and worth a sound.</summary>
    public ApprovalNews News { get; init; }

    /// <summary>The change that used the approval.</summary>
    public ChangeRecord? Change { get; init; }

    /// <summary>The names of those who answered, by their identities.</summary>
    public IReadOnlyDictionary<string, string> People { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>True while it takes answers.</summary>
    public bool IsOpen => Approval.Status == ApprovalStatus.Pending;

    /// <summary>True when it can only be answered by one more confirmation that differs from the first.</summary>
    public bool WantsSecond => IsOpen && Approval.Confirmations.Count > 0;

    /// <summary>True when how it stands will not change any more.</summary>
    public bool IsFinal => Approval.Status switch
    {
        ApprovalStatus.Pending or ApprovalStatus.Approved => false,
        ApprovalStatus.Used => Change is not { Status: ChangeStatus.Open },
        _ => true,
    };

    /// <summary>The same as long as the card says the same.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"{Approval.Status}/{Approval.Confirmations.Count}/{(IsReminded && IsOpen ? Reminded : "")}/{Change?.Status.ToString() ?? ""}");

    private const string Reminded = "reminded";

    /// <summary>What is new on this card for people who have seen one with another key.</summary>
    public ApprovalNews NewsSince(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsOpen || key.Split('/') is not [_, var confirmations, var reminded, _]) return ApprovalNews.None;
        if (confirmations != Approval.Confirmations.Count.ToString(CultureInfo.InvariantCulture)) return ApprovalNews.SecondWanted;
        return IsReminded && reminded != Reminded ? ApprovalNews.Reminder : ApprovalNews.None;
    }

    /// <summary>The card in plain words.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Approval.Status switch
        {
            ApprovalStatus.Pending => IsReminded ? "⏰ " : "❓ ",
            ApprovalStatus.Approved => "✅ ",
            ApprovalStatus.Denied => "⛔ ",
            ApprovalStatus.Expired => "⌛ ",
            ApprovalStatus.Void => "🚫 ",
            _ => Change?.Status switch { ChangeStatus.Succeeded => "✅ ", ChangeStatus.Open or null => "⚙️ ", _ => "❌ " },
        });
        text.Append(Line(Approval.Question)).Append('\n');
        text.Append(Line($"Why asked: {Approval.Reason}")).Append('\n');
        text.Append(Line($"Asked by {Approval.RequestedBy} at {Clock(Approval.RequestedAt)}, as approval {Approval.Id}"));
        if (Approval.World is { } world) text.Append(Line($"; {world}"));
        text.Append(".\n");
        for (var i = 0; i < Approval.Confirmations.Count; i++)
        {
            var given = Approval.Confirmations[i];
            text.Append(CultureInfo.InvariantCulture, $"Yes{(Approval.Needed > 1 ? $" ({i + 1} of {Approval.Needed})" : "")} by {Who(given.Approver)} at {Clock(given.At)}{(given.TypedTarget ? ", with the name typed" : "")}.\n");
        }

        return text.Append(Standing()).ToString();
    }

    /// <summary>An identity with the name its owner goes by, where that is known: <c>Anna (telegram:1111)</c>.</summary>
    public string Who(string approver)
    {
        ArgumentNullException.ThrowIfNull(approver);
        return People.TryGetValue(approver, out var name) && name.Length > 0 ? $"{name} ({approver})" : approver;
    }

    private string Standing() => Approval.Status switch
    {
        ApprovalStatus.Pending when WantsSecond && TwoPeople => $"One more yes is needed, from another person. No answer by {Clock(Approval.ExpiresAt)} means no.",
        ApprovalStatus.Pending when WantsSecond => $"One more, different confirmation is needed: reply with the target's name, {TargetName}, or let another person say yes. No answer by {Clock(Approval.ExpiresAt)} means no.",
        ApprovalStatus.Pending => $"{(Approval.Needed > 1 ? "Two different confirmations are needed. " : "")}No answer by {Clock(Approval.ExpiresAt)} means no.",
        ApprovalStatus.Approved => $"Approved; to be used by {Clock(Approval.ExpiresAt)}.",
        ApprovalStatus.Denied => $"Denied by {Who(Approval.DeniedBy ?? "nobody known")} at {Clock(Approval.ClosedAt)}. Nothing was done.",
        ApprovalStatus.Expired when Approval.Confirmations.Count >= Approval.Needed => $"Expired at {Clock(Approval.ClosedAt)}: approved, and not used in time. Nothing was done.",
        ApprovalStatus.Expired => $"Expired at {Clock(Approval.ClosedAt)}: nobody answered in time, which means no. Nothing was done.",
        ApprovalStatus.Void => Line($"Void since {Clock(Approval.ClosedAt)}: {Approval.VoidedBy}. Nothing was done."),
        _ => Line(Outcome()),
    };

    private string Outcome() => Change switch
    {
        null => "Used.",
        { Status: ChangeStatus.Open } => $"Under way since {Clock(Change.StartedAt)}.",
        { Status: ChangeStatus.Succeeded } => $"Done at {Clock(Change.EndedAt)}.",
        { Status: ChangeStatus.NotDone } => $"It did not happen: {Change.Error}",
        { Status: ChangeStatus.Unknown } => $"Nobody can tell whether it happened: {Change.Error}. Look at {Change.Target}.",
        _ => $"It failed at {Clock(Change.EndedAt)}: {Change.Error}",
    };

    private string TargetName => Approval.Target[(Approval.Target.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static string Clock(DateTimeOffset? at) => at is { } known ? $"{known:HH:mm:ss} UTC" : "a time not written down";

    private static string Line(string text) => ForeignText.Clean(text, LongestLine);
}

/// <summary>What is new on a card, and worth a sound.</summary>
public enum ApprovalNews
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Most of the time is over.</summary>
    Reminder,

    /// <summary>One of two confirmations is there, and the other, different one is wanted.</summary>
    SecondWanted,
}
