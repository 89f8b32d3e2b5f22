namespace Homelab.State;

/// <summary>The writer's connection, its transaction, and the head of the audit within it.</summary>
internal sealed class WriteSession(Database database, TimeSpan patience)
{
    private (long Sequence, string Hash)? _head;

    internal Database Database => database;

    /// <summary>Begins a transaction that no other writer stands beside.</summary>
    /// <exception cref="HomelabException"><c>StateBusy</c>: another process was in it too long.</exception>
    internal void Begin()
    {
        _head = null;
        database.BeginWriting(patience);
    }

    internal void Commit() => database.Commit();

    /// <summary>Gives up what was not committed.</summary>
    internal void Abandon() => database.RollBack();

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
