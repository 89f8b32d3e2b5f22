using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>A state of its own for one test, in one of the databases that a state may lie in.</summary>
public abstract class StateBed : IAsyncDisposable
{
    internal FixedTime Time { get; } = new();

    internal abstract Task<StateStore> OpenAsync();

    /// <summary>Where it is, for another process: a file, or a connection string.</summary>
    internal abstract string Place { get; }

    /// <summary>The name of a process that is not this one, and lives.</summary>
    internal abstract string NameLiving();

    /// <summary>The name of a process that lives no more: none has lived since the machine's first tick under this number.</summary>
    internal string Dead { get; } = $"{Environment.MachineName}/{Environment.ProcessId}/0";

    /// <summary>Looks into the database past the store.</summary>
    internal T Look<T>(Func<Database, T> look)
    {
        using var database = Connect();
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

    /// <summary>Changes the database past the store.</summary>
    internal void Tamper(string sql) => Look(database =>
    {
        database.RunScript(sql);
        return true;
    });

    public abstract ValueTask DisposeAsync();

    internal abstract Database Connect();
}

/// <summary>A clock that stands where it was set.</summary>
internal sealed class FixedTime : TimeProvider
{
    internal DateTimeOffset Now { get; set; } = Make.Noon;

    public override DateTimeOffset GetUtcNow() => Now;
}
