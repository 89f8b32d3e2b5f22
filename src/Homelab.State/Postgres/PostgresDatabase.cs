using System.Data;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Homelab.State;

/// <summary>One connection to a PostgreSQL database. When it breaks it is opened anew by whoever asks next.</summary>
/// <param name="address">Where it is.</param>
/// <param name="silence">How long the server waits for us within a transaction. A process that is frozen in the middle of one must not hold up all others.</param>
internal sealed class PostgresDatabase(PostgresAddress address, TimeSpan silence) : Database
{
    // "HmLb": tells our lock from any other program's.
    internal const int LockSpace = 0x486D4C62;

    private readonly Dictionary<string, PostgresStatement> _statements = new(StringComparer.Ordinal);
    private NpgsqlConnection? _connection;
    private bool _inTransaction;
    private int _changes;

    internal override string Name => address.Name;

    internal override int Changes => _changes;

    internal override bool InTransaction => _inTransaction && IsOpen;

    private bool IsOpen => _connection?.FullState is ConnectionState.Open;

    internal override Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = new PostgresStatement(this, sql));
        statement.Begin();
        return statement;
    }

    internal override void RunScript(string sql) => Guard(connection =>
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteNonQuery();
    });

    /// <summary>Begins a transaction, and takes the lock that all writers of this schema take.</summary>
    internal override void BeginWriting(TimeSpan patience)
    {
        // One after the other, on all machines: the audit is one chain, and what a restraint has counted must not change before it is acted on.
        var begin = string.Create(CultureInfo.InvariantCulture, $"BEGIN; SET LOCAL lock_timeout = {(long)patience.TotalMilliseconds}; SELECT pg_advisory_xact_lock({LockSpace}, hashtext(current_schema()))");
        try
        {
            Afresh(() => RunScript(begin));
            _inTransaction = true;
        }
        catch
        {
            // The lock was not had in time, and the transaction that it was to begin is still there.
            Drop();
            throw;
        }
    }

    internal override void Commit()
    {
        // Still within the transaction: on another connection it would commit nothing, and say that all is well.
        RunScript("COMMIT");
        _inTransaction = false;
    }

    internal override void RollBack()
    {
        _inTransaction = false;
        if (IsOpen) RunScript("ROLLBACK");
    }

    internal override T Read<T>(Func<Database, T> read)
    {
        T result = default!;
        Afresh(() => result = read(this));
        return result;
    }

    internal override HomelabException Odd(string why) => PostgresFault.Unreadable(Name, why);

    /// <summary>Asks the server something, and says in our words what went wrong.</summary>
    internal void Guard(Func<NpgsqlConnection, int> ask)
    {
        try
        {
            _changes = ask(Connect());
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or SocketException or AuthenticationException)
        {
            throw PostgresFault.Of(Name, e);
        }
        catch (InvalidOperationException e) when (!IsOpen)
        {
            // It broke between two questions of one transaction.
            throw PostgresFault.Of(Name, e);
        }
    }

    public override void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Close();
        _statements.Clear();
        _connection?.Dispose();
    }

    /// <summary>Does what begins with nothing, so that it can begin again where the connection turns out to have broken since it was last used.</summary>
    private void Afresh(Action action)
    {
        var known = _connection;
        try
        {
            action();
        }
        catch (HomelabException e) when (e.Id == "StateUnreachable" && known is not null && known == _connection)
        {
            Drop();
            action();
        }
    }

    private NpgsqlConnection Connect()
    {
        if (IsOpen) return _connection!;
        // What broke within a transaction has taken the transaction with it: nothing of it may be written alone.
        if (_inTransaction) throw new IOException("the connection broke in the middle");
        Drop();
        var connection = new NpgsqlConnection(address.Text);
        try
        {
            connection.Open();
            using var command = new NpgsqlCommand(
                string.Create(CultureInfo.InvariantCulture, $"SET synchronous_commit = on; SET idle_in_transaction_session_timeout = {(long)silence.TotalMilliseconds}"),
                connection);
            command.ExecuteNonQuery();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return _connection = connection;
    }

    private void Drop()
    {
        _inTransaction = false;
        _connection?.Dispose();
        _connection = null;
    }
}
