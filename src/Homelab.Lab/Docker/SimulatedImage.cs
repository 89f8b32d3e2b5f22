using System.Security.Cryptography;
using System.Text;

namespace Homelab.Lab.Docker;

/// <summary>An image that a simulated engine has.</summary>
public sealed record SimulatedImage
{
    /// <summary>Its name with a tag; null for one that has lost its name to a newer one.</summary>
    public string? Tag { get; init; }

    /// <summary>What tells it from others of its name: another build has another id.</summary>
    public string Build { get; init; } = "";

    /// <summary>What it takes on the disk, in bytes.</summary>
    public long Size { get; init; } = 10 * 1024 * 1024;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Its id.</summary>
    public string Id => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"image {Tag} {Build}")));
}

/// <summary>A volume that a simulated engine has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">What it takes, in bytes.</param>
/// <param name="Users">How many containers use it.</param>
public sealed record SimulatedVolume(string Name, long Size, int Users);

/// <summary>What a simulated build has left behind.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Size">What it takes, in bytes.</param>
/// <param name="InUse">True while a build uses it.</param>
public sealed record SimulatedCache(string Id, long Size, bool InUse);
