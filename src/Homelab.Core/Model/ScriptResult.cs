namespace Homelab;

/// <summary>What a script of the lab did on this machine.</summary>
public sealed record ScriptResult
{
    /// <summary>The script, by its path below the folder of scripts.</summary>
    public required string Script { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Argument { get; init; } = [];

    /// <summary>What it ended with.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What it wrote to standard output.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote to standard error.</summary>
    public string Error { get; init; } = "";

    /// <summary>True when it wrote more to either than is kept here.</summary>
    public bool Truncated { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }
}
