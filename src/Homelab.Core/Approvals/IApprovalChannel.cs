namespace Homelab;

/// <summary>A way to people on which questions are put and answered: a chat, an AI client that can ask its user.</summary>
public interface IApprovalChannel
{
    /// <summary>The channel's name, and the first part of the identities of those who answer on it: <c>telegram</c>.</summary>
    string Name { get; }

    /// <summary>Puts a question.</summary>
    /// <returns>The channel's names of what it put, separated by blanks: by these a question is changed, and an answer says what it answers.</returns>
    /// <exception cref="HomelabException">Not put, or nobody knows; try again.</exception>
    Task<string> ShowAsync(ApprovalCard card, CancellationToken cancellationToken);

    /// <summary>Says how the question stands now, in place of what was there. Saying the same twice changes nothing.</summary>
    /// <returns>The reference from now on: more may have been put.</returns>
    /// <exception cref="HomelabException">Not said, or nobody knows; try again. Kinds NotFound, Denied and Invalid: trying again is no use.</exception>
    Task<string> UpdateAsync(string reference, ApprovalCard card, CancellationToken cancellationToken);

    /// <summary>What people answer, as long as somebody listens. An answer counts as taken once the next is asked for.</summary>
    /// <param name="cursor">The last answer that was taken, as <see cref="ApprovalReply.Cursor"/> told it; null for the first time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">It cannot listen; try again later.</exception>
    IAsyncEnumerable<ApprovalReply> ListenAsync(string? cursor, CancellationToken cancellationToken);
}
