using System.Globalization;
using System.Reflection;

namespace Homelab.State;

/// <summary>One step from a schema to the next. Its version is the number its file's name begins with; versions count from 1 without a gap.</summary>
internal sealed record Migration(int Version, string Sql)
{
    /// <summary>All of them, in order.</summary>
    internal static IReadOnlyList<Migration> All { get; } = Load();

    private static Migration[] Load()
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => Read(assembly, n))];
    }

    private static Migration Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
    }
}
