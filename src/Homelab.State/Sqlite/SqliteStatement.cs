using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Homelab.State;

/// <summary>A statement prepared by SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : Statement(database)
{
    private const int StackBytes = 512;

    private int _parameter;
    private int _column;
    private bool _inUse;

    internal void Begin()
    {
        // A second use before the first one ended would mix the parameters of both.
        if (_inUse) throw new InvalidOperationException("The statement is in use already.");
        _inUse = true;
        _parameter = 0;
    }

    internal override Statement Add(string? text)
    {
        if (text is null) return AddNull();
        // SQLite takes an empty span for NULL.
        if (text.Length == 0) return Bound(raw.sqlite3_bind_text(handle, ++_parameter, ""));
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var buffer = most <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(most);
        var length = Encoding.UTF8.GetBytes(text, buffer);
        var code = raw.sqlite3_bind_text(handle, ++_parameter, buffer[..length]);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return Bound(code);
    }

    internal override Statement Add(long? number) => number is { } known ? Bound(raw.sqlite3_bind_int64(handle, ++_parameter, known)) : AddNull();

    internal override bool Step()
    {
        _column = 0;
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        return code == raw.SQLITE_DONE ? false : throw database.Fault(code);
    }

    internal override string? TextOrNull()
    {
        var column = _column++;
        if (raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL) return null;
        // As a blob, because a text would be cut at its first NUL.
        var bytes = raw.sqlite3_column_blob(handle, column);
        return bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);
    }

    internal override long? NumberOrNull()
    {
        var column = _column++;
        return raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL ? null : raw.sqlite3_column_int64(handle, column);
    }

    public override void Dispose()
    {
        // The codes repeat what the failed step has said already.
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
        _inUse = false;
    }

    internal void Close() => raw.sqlite3_finalize(handle);

    private SqliteStatement AddNull() => Bound(raw.sqlite3_bind_null(handle, ++_parameter));

    private SqliteStatement Bound(int code)
    {
        if (code == raw.SQLITE_OK) return this;
        var fault = database.Fault(code);
        // The caller has not got it yet and cannot free it.
        Dispose();
        throw fault;
    }
}
