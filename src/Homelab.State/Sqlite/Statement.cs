using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Homelab.State;

/// <summary>
/// A prepared statement: parameters are added, and columns read, from left to right. Disposing frees it for its next use and ends its read; it stays
/// prepared. Texts keep NUL characters; a half of a surrogate pair becomes U+FFFD.
/// </summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
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

    internal Statement Add(string? text)
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

    internal Statement Add(long number) => Bound(raw.sqlite3_bind_int64(handle, ++_parameter, number));

    internal Statement Add(long? number) => number is { } known ? Add(known) : AddNull();

    internal Statement Add(bool flag) => Add(flag ? 1L : 0L);

    internal Statement Add(DateTimeOffset moment) => Add(moment.UtcTicks);

    internal Statement Add(DateTimeOffset? moment) => Add(moment?.UtcTicks);

    internal Statement Add(TimeSpan? span) => Add(span?.Ticks);

    internal Statement Add<TEnum>(TEnum value)
        where TEnum : struct, Enum => Add(value.ToString());

    /// <summary>Goes to the next row.</summary>
    internal bool Step()
    {
        _column = 0;
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        return code == raw.SQLITE_DONE ? false : throw database.Fault(code);
    }

    /// <summary>Runs it to its end.</summary>
    internal void Run()
    {
        while (Step())
        {
        }
    }

    internal string Text() => TextOrNull() ?? throw Odd("a value is missing");

    internal string? TextOrNull()
    {
        var column = _column++;
        if (raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL) return null;
        // As a blob, because a text would be cut at its first NUL.
        var bytes = raw.sqlite3_column_blob(handle, column);
        return bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);
    }

    internal long Number() => raw.sqlite3_column_int64(handle, _column++);

    internal long? NumberOrNull()
    {
        if (raw.sqlite3_column_type(handle, _column) != raw.SQLITE_NULL) return Number();
        _column++;
        return null;
    }

    internal int Count() => Number() is >= int.MinValue and <= int.MaxValue and var count ? (int)count : throw Odd("a number is out of range");

    internal int? CountOrNull() => NumberOrNull() switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var count => (int)count,
        _ => throw Odd("a number is out of range"),
    };

    internal bool Flag() => Number() != 0;

    internal DateTimeOffset Moment() => MomentOrNull() ?? throw Odd("a time is missing");

    internal DateTimeOffset? MomentOrNull() => NumberOrNull() switch
    {
        null => null,
        >= 0 and var ticks when ticks <= DateTimeOffset.MaxValue.UtcTicks => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => throw Odd("a time is out of range"),
    };

    internal TimeSpan? SpanOrNull() => NumberOrNull() is { } ticks ? new TimeSpan(ticks) : null;

    internal TEnum Name<TEnum>()
        where TEnum : struct, Enum
    {
        var text = Text();
        // TryParse also takes numbers and lists, which we never write.
        return Enum.TryParse<TEnum>(text, out var value) && value.ToString() == text ? value : throw Odd($"'{text}' is no {typeof(TEnum).Name}");
    }

    internal HomelabException Odd(string why) => SqliteFault.Unreadable(database.Path, why);

    /// <summary>Frees it for its next use.</summary>
    public void Dispose()
    {
        // The codes repeat what the failed step has said already.
        raw.sqlite3_reset(handle);
        raw.sqlite3_clear_bindings(handle);
        _inUse = false;
    }

    internal void Close() => raw.sqlite3_finalize(handle);

    private Statement AddNull() => Bound(raw.sqlite3_bind_null(handle, ++_parameter));

    private Statement Bound(int code)
    {
        if (code == raw.SQLITE_OK) return this;
        var fault = database.Fault(code);
        // The caller has not got it yet and cannot free it.
        Dispose();
        throw fault;
    }
}
