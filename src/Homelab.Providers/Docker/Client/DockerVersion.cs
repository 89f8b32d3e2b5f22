using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>A version of the Engine API: <c>1.41</c>.</summary>
internal sealed record DockerVersion(int Major, int Minor)
{
    /// <summary>Debian 12's engine 20.10.</summary>
    internal static DockerVersion Oldest { get; } = new(1, 41);

    /// <summary>The newest whose answers we know.</summary>
    internal static DockerVersion Newest { get; } = new(1, 51);

    internal bool IsOlderThan(DockerVersion other) => Major != other.Major ? Major < other.Major : Minor < other.Minor;

    internal static bool TryParse(string? text, [NotNullWhen(true)] out DockerVersion? version)
    {
        version = null;
        if (text?.Split('.') is not [var major, var minor]) return false;
        if (!int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var a) || !int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var b)) return false;
        version = new DockerVersion(a, b);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
