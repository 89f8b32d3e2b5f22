using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Homelab.State;

/// <summary>
/// A statement prepared by PostgreSQL. Its rows are read to the end at the first step: a connection answers one question at a time, and a table may ask
/// another one while it reads.
/// </summary>
internal sealed class PostgresStatement(PostgresDatabase database, string sql) : Statement(database)
{
    private const char Escape = '\u001a';

    private readonly NpgsqlCommand _command = new(Translate(sql));
    private readonly List<object[]> _rows = [];
    private NpgsqlConnection? _preparedOn;
    private int _parameter;
    private int _column;
    private int _row = -1;
    private bool _inUse;

    internal void Begin()
    {
        if (_inUse) throw new InvalidOperationException("The statement is in use already.");
        _inUse = true;
        _parameter = 0;
        _row = -1;
    }

    internal override Statement Add(string? text) => Add(NpgsqlDbType.Text, text is null ? DBNull.Value : Write(text));

    internal override Statement Add(long? number) => Add(NpgsqlDbType.Bigint, number is { } known ? known : DBNull.Value);

    internal override bool Step()
    {
        _column = 0;
        if (_row < 0) Execute();
        return ++_row < _rows.Count;
    }

    internal override string? TextOrNull() => _rows[_row][_column++] switch
    {
        DBNull => null,
        string text => Read(text),
        var other => throw Odd($"'{other}' is no text"),
    };

    internal override long? NumberOrNull() => _rows[_row][_column++] switch
    {
        DBNull => null,
        long number => number,
        int number => number,
        var other => throw Odd($"'{other}' is no number"),
    };

    public override void Dispose()
    {
        _rows.Clear();
        _inUse = false;
    }

    internal void Close() => _command.Dispose();

    /// <summary>Our text as PostgreSQL writes it: <c>$1</c> for <c>?</c>.</summary>
    internal static string Translate(string sql)
    {
        var text = new StringBuilder(sql.Length + 32);
        var next = 1;
        sql = sql.Replace(" IS ?", " IS NOT DISTINCT FROM ?", StringComparison.Ordinal);
        foreach (var (character, index) in sql.Select(static (c, i) => (c, i)))
        {
            if (character != '?') text.Append(character);
            else if (index + 1 < sql.Length && char.IsAsciiDigit(sql[index + 1])) text.Append('$');
            else text.Append(CultureInfo.InvariantCulture, $"${next++}");
        }

        return text.ToString();
    }

    // PostgreSQL's texts hold no NUL, and foreign texts may: the audit's hashes are those of what was said.
    private static string Write(string text)
    {
        if (text.AsSpan().IndexOfAny('\0', Escape) >= 0) text = text.Replace("\u001a", "\u001aS", StringComparison.Ordinal).Replace("\0", "\u001a0", StringComparison.Ordinal);
        return text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static string Read(string text) =>
        text.Contains(Escape, StringComparison.Ordinal) ? text.Replace("\u001a0", "\0", StringComparison.Ordinal).Replace("\u001aS", "\u001a", StringComparison.Ordinal) : text;

    private void Execute() => database.Guard(connection =>
    {
        _rows.Clear();
        if (_preparedOn != connection)
        {
            _command.Connection = connection;
            _command.Prepare();
            _preparedOn = connection;
        }

        using var reader = _command.ExecuteReader();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            _rows.Add(row);
        }

        return Math.Max(0, reader.RecordsAffected);
    });

    private PostgresStatement Add(NpgsqlDbType type, object value)
    {
        if (_parameter == _command.Parameters.Count) _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        _command.Parameters[_parameter++].Value = value;
        return this;
    }
}
