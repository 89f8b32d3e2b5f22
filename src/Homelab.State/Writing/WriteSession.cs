using System.Diagnostics;

namespace Homelab.State;

/// <summary>The writer's connection, its transaction, and the head of the audit within it.</summary>
internal sealed class WriteSession(Database database, TimeSpan patience)
{
    // SQLite's own wait looks less and less often, up to every 100 ms: a busy neighbour that commits every other millisecond would starve us.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    private (long Sequence, string Hash)? _head;

    internal Database Database => database;

    /// <summary>Takes the file's write lock.</summary>
    /// <exception cref="HomelabException"><c>StateBusy</c>: another process held it too long.</exception>
    internal void Begin()
    {
        _head = null;
        database.WaitAtMost(s_look);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                database.Run("BEGIN IMMEDIATE");
                return;
            }
            catch (HomelabException e) when (e.Id == "StateBusy" && Stopwatch.GetElapsedTime(started) < patience)
            {
                // Looked for 5 ms in vain; look again.
            }
        }
    }

    internal void Commit() => database.Run("COMMIT");

    /// <summary>Gives up what was not committed.</summary>
    internal void Abandon()
    {
        if (database.InTransaction) database.Run("ROLLBACK");
    }

    /// <summary>Runs one command so that its failure leaves nothing of it behind, and everything of the others.</summary>
    internal void Execute(WriteCommand command)
    {
        var head = _head;
        database.Run("SAVEPOINT command");
        try
        {
            command.Execute(this);
        }
        catch (Exception e) when (database.InTransaction)
        {
            command.Failure = e;
            _head = head;
            database.Run("ROLLBACK TO command");
        }

        // A full disk, for one, ends the whole transaction: that is every command's failure, and thrown.
        database.Run("RELEASE command");
    }

    /// <summary>Adds the next line of the audit.</summary>
    internal void Append(AuditEntry entry)
    {
        // Read anew in each transaction: another process may have added lines in between.
        var (sequence, hash) = _head ?? AuditTable.ReadHead(database);
        var line = AuditChain.Link(entry, sequence + 1, hash);
        AuditTable.Insert(database, line);
        _head = (line.Sequence, line.Hash);
    }
}
