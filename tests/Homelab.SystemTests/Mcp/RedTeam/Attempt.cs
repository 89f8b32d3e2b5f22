namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Something that a client tries, to bring about more than it may. None of it may have an effect, and each must be in the audit with the client's name.</summary>
/// <param name="Kind">The kind, as the page lists it.</param>
/// <param name="Name">What is tried, as a sentence. Two attempts of one name would be one.</param>
internal sealed record Attempt(string Kind, string Name)
{
    /// <summary>Who tries it.</summary>
    internal By By { get; init; }

    /// <summary>By which way.</summary>
    internal Over Over { get; init; }

    /// <summary>What is done; the result is what was answered.</summary>
    internal required Func<Attacker, Task<string>> Act { get; init; }

    /// <summary>What the answer must hold; one of these, where a bar stands between them.</summary>
    internal required string Answer { get; init; }

    /// <summary>What the answer to the client of level 2 must hold, where it is another.</summary>
    internal string? AnswerToMid { get; init; }

    /// <summary>What a new line of the audit must hold; one of these, where a bar stands between them. <c>{me}</c> is the client's name.</summary>
    internal required string Leaves { get; init; }

    /// <summary>What it must hold after the attempt of the client of level 2, where it is another.</summary>
    internal string? LeavesOfMid { get; init; }

    /// <summary>How many changes are right: of twenty calls with one approval, one.</summary>
    internal int Effects { get; init; }

    /// <summary>Rows of a table.</summary>
    internal static T[] Rows<T>(params T[] rows) => rows;

    /// <summary>A call of a tool.</summary>
    internal static Attempt Call(string kind, string name, string tool, string arguments, string answer, string leaves) => new(kind, name)
    {
        Act = a => a.CallAsync(tool, arguments),
        Answer = answer,
        Leaves = leaves,
    };

    /// <summary>A message as it stands here.</summary>
    internal static Attempt Say(string kind, string name, string message, string answer, string leaves, params string[] headers) => new(kind, name)
    {
        Act = a => a.SayAsync(message, headers),
        Answer = answer,
        Leaves = leaves,
    };

    /// <summary>Those who try it, each by each way.</summary>
    internal IEnumerable<(Level Level, bool OverHttp)> Tries =>
        from level in (Level[])[Level.Monitor, Level.Operate]
        where By == By.Both || (By == By.Low) == (level == Level.Monitor)
        from overHttp in (bool[])[true, false]
        where Over == Over.Both || (Over == Over.Http) == overHttp
        select (level, overHttp);
}

/// <summary>Who tries: a client of level 1, one of level 2, or each of them.</summary>
internal enum By
{
    Both,
    Low,
    Mid,
}

/// <summary>By which way: HTTP, standard input and output, or each of them.</summary>
internal enum Over
{
    Both,
    Http,
    Stdio,
}
