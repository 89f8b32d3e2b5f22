namespace Homelab.Lab;

/// <summary>How the lab file of a simulated homelab differs from the usual one.</summary>
public sealed record SimulatedLabFileOptions
{
    /// <summary>The secret reference behind which a secret is found, given the name of its variable.</summary>
    public Func<string, string> Reference { get; init; } = static variable => $"env:{variable}";

    /// <summary>Where <c>serve</c> listens; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>A folder of runbooks beside the lab file; the shipped ones alone when null.</summary>
    public string? Runbooks { get; init; }
}
