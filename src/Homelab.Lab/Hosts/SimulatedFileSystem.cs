namespace Homelab.Lab.Hosts;

/// <summary>What is mounted somewhere on a simulated host.</summary>
/// <param name="Mount">The folder.</param>
/// <param name="Source">The device or the share.</param>
/// <param name="Type">The kind of file system.</param>
public sealed record SimulatedFileSystem(string Mount, string Source, string Type)
{
    private const int Reserve = 20;

    /// <summary>Its options.</summary>
    public string Options { get; init; } = "rw,relatime";

    /// <summary>How large it is, in bytes; 0 for one where nobody stores anything.</summary>
    public long Size { get; init; }

    /// <summary>What is used of it, besides what the engine keeps there.</summary>
    public long Used { get; set; }

    /// <summary>False for a share whose server is silent.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>What only root may still use, in bytes: a twentieth, as <c>mkfs.ext4</c> has it.</summary>
    public long Reserved => Type == "ext4" ? Size / Reserve : 0;
}
