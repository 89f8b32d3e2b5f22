using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>A state file in a folder of its own, which goes away with the test.</summary>
public sealed class StateFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelab-state-").FullName;

    internal string FilePath => Path.Combine(_folder, "homelab.db");

    internal FixedTime Time { get; } = new();

    internal Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(FilePath, Time, TestContext.Current.CancellationToken);

    /// <summary>Looks into the file past the store.</summary>
    internal T Look<T>(Func<Database, T> look)
    {
        using var database = Database.Open(FilePath, TimeSpan.FromSeconds(10));
        return look(database);
    }

    internal List<string> Texts(string sql) => Look(database =>
    {
        using var row = database.Use(sql);
        var texts = new List<string>();
        while (row.Step()) texts.Add(row.Text());
        return texts;
    });

    internal long Number(string sql) => Look(d => d.Number(sql));

    /// <summary>Changes the file past the store.</summary>
    internal void Tamper(string sql) => Look(database =>
    {
        database.RunScript(sql);
        return true;
    });

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>A clock that stands where it was set.</summary>
internal sealed class FixedTime : TimeProvider
{
    internal DateTimeOffset Now { get; set; } = Make.Noon;

    public override DateTimeOffset GetUtcNow() => Now;
}
