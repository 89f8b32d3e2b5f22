using System.Runtime.CompilerServices;
using Homelab.State;

namespace Homelab.SystemTests.Faults;

/// <summary>Takes a state file's room away, and its lock: SQLite itself says that the file is full or held.</summary>
/// <param name="path">The file.</param>
internal sealed class StoreHold(string path)
{
    // Small pages: nothing that is written down finds room in one that is there.
    private const int PageBytes = 512;

    // What is given back when there is room again: more than a row writes.
    private const int Ballast = 2_000;

    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private StateStore? _store;
    private bool _isFull;

    /// <summary>Makes the file before the product does.</summary>
    internal void Prepare()
    {
        if (File.Exists(path)) return;
        using var database = SqliteDatabase.Open(path, s_patience);
        database.RunScript($"PRAGMA page_size = {PageBytes}; CREATE TABLE first (x); DROP TABLE first");
    }

    internal IStateStore Watch(IStateStore store)
    {
        _store = (StateStore)store;
        return store;
    }

    /// <summary>From here on the file may not grow, and there is no room in it.</summary>
    internal async Task FillAsync()
    {
        _isFull = true;
        using (var beside = SqliteDatabase.Open(path, s_patience))
        {
            beside.RunScript($"CREATE TABLE IF NOT EXISTS ballast (x); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Ballast}) INSERT INTO ballast SELECT zeroblob({PageBytes}) FROM n");
        }

        // The limit is one of the product's own connection, and holds from its next transaction on.
        try
        {
            await WriterOf(_store!).WriteAsync(static session => session.Database.Number("PRAGMA max_page_count = 1"), CancellationToken.None);
        }
        catch (HomelabException e) when (e.Id == "StateUnwritable")
        {
            // Another write shares its transaction, and has found no room already.
        }
    }

    /// <summary>Somebody else gives room back.</summary>
    internal void MakeRoom()
    {
        if (!_isFull) return;
        using var beside = SqliteDatabase.Open(path, s_patience);
        beside.RunScript("DELETE FROM ballast");
    }

    /// <summary>Holds the file's lock, as another process would that is stuck, until it is disposed.</summary>
    internal IDisposable Lock() => new Holder(path);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_writer")]
    private static extern ref WriteLoop WriterOf(StateStore store);

    private sealed class Holder : IDisposable
    {
        private readonly SqliteDatabase _database;

        internal Holder(string path)
        {
            _database = SqliteDatabase.Open(path, s_patience);
            _database.BeginWriting(s_patience);
        }

        public void Dispose()
        {
            _database.RollBack();
            _database.Dispose();
        }
    }
}
