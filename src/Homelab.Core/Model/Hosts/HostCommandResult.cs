namespace Homelab;

/// <summary>What a command on a host did.</summary>
public sealed record HostCommandResult
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>The rule of the command policy that let it run.</summary>
    public required string Rule { get; init; }

    /// <summary>What it ended with, 0 to 255; 128 and more where a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What it wrote to standard output.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote to standard error.</summary>
    public string Error { get; init; } = "";

    /// <summary>True when it wrote more to either than is kept here.</summary>
    public bool Truncated { get; init; }

    /// <summary>How long it took, as seen from here.</summary>
    public TimeSpan Elapsed { get; init; }
}
