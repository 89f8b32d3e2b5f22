using System.Globalization;
using System.Reflection;

namespace Homelab.State;

/// <summary>One step from a schema to the next. Its version is the number its file's name begins with; versions count from 1 without a gap.</summary>
internal sealed record Migration(int Version, string Sql)
{
    /// <summary>Those of SQLite, in order.</summary>
    internal static IReadOnlyList<Migration> All { get; } = Load("sqlite/");

    /// <summary>Those of PostgreSQL, whose count is its own. Whoever adds one to either engine adds one to both.</summary>
    internal static IReadOnlyList<Migration> Postgres { get; } = Load("postgres/");

    private static Migration[] Load(string engine)
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(engine, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n => Read(assembly, n, n[engine.Length..]))];
    }

    private static Migration Read(Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
    }
}
