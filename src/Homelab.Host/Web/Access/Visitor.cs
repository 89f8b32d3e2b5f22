namespace Homelab.Host.Web.Access;

/// <summary>What came of looking at a credential.</summary>
internal abstract record Visitor
{
    /// <summary>It holds.</summary>
    /// <param name="Caller">Whose it is.</param>
    internal sealed record Known(Caller Caller) : Visitor
    {
        /// <summary>What its calls are counted under.</summary>
        internal string Credential { get; init; } = "";

        /// <summary>The most calls in a minute; 0 for no limit of its own.</summary>
        internal int PerMinute { get; init; }

        /// <summary>Looks whether it was not taken back; null for one that is compared anew each time. What began in time goes on to its end though the time is over.</summary>
        internal Func<CancellationToken, Task<bool>>? Holds { get; init; }
    }

    /// <summary>It is one that we gave, and holds no more, or not here. Whoever shows it has it: he may know why.</summary>
    /// <param name="Name">Whose it was: the key's or the client's name.</param>
    /// <param name="Reason">Why, as a sentence.</param>
    internal sealed record Over(string Name, string Reason) : Visitor
    {
        /// <summary>True for an access token whose hour is over: its client shows it once more, and gets the next one.</summary>
        internal bool IsUsual { get; init; }
    }

    /// <summary>Nobody was ever given it.</summary>
    internal sealed record Stranger : Visitor;

    /// <summary>It may well be right: what it would be compared with cannot be opened.</summary>
    internal sealed record Unclear : Visitor;
}
