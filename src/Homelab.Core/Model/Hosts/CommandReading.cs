namespace Homelab;

/// <summary>What the command policy makes of a command, and why. Nothing is run and nobody is asked for it.</summary>
public sealed record CommandReading : IVerdict
{
    /// <summary>The command as it was given.</summary>
    public required string Line { get; init; }

    /// <summary>Where it would run: <c>host:dev</c>, <c>container:gitea@dev</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The face it was judged for.</summary>
    public required Face Face { get; init; }

    /// <summary>The words it was read as; empty where it is no plain command.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether it may run.</summary>
    public required CommandVerdict Verdict { get; init; }

    /// <summary>The rule that holds; null where none speaks of it.</summary>
    public string? Rule { get; init; }

    /// <summary>Other rules that mean it too, and were beaten or are milder.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Why, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do about it; null where it may run.</summary>
    public string? WayOut { get; init; }

    /// <summary>What it would act on, for protection and cooldowns.</summary>
    public string? Target { get; init; }

    /// <summary>True when it only looks.</summary>
    public bool Reads { get; init; }

    /// <summary>True when it would run as root, where the account may.</summary>
    public bool AsRoot { get; init; }

    /// <summary>How long it may run.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>How many bytes of each output would be kept.</summary>
    public long Output { get; init; }

    /// <summary>What a shell there would be given: the words written anew. Empty where there are none.</summary>
    public string Written { get; init; } = "";

    // What a person must say yes to first may not run as it is.
    bool IVerdict.IsGood => Verdict is CommandVerdict.Allow;
}
