namespace Homelab.State;

/// <summary>
/// One connection to a state, used by one thread at a time. What the engines do not have in common is in here and in <see cref="Statement"/>; the tables are
/// written once, for all of them.
/// </summary>
internal abstract class Database : IDisposable
{
    /// <summary>How people know it: a path, or a database on a server.</summary>
    internal abstract string Name { get; }

    /// <summary>Rows that the last statement inserted or changed.</summary>
    internal abstract int Changes { get; }

    internal abstract bool InTransaction { get; }

    /// <summary>The prepared statement of a text, ready to be filled; disposing it makes it free for the next use.</summary>
    /// <remarks>
    /// Parameters are <c>?</c>, or <c>?1</c> where one is needed twice. In the text is only what every engine understands, besides <c>IS ?</c>, which is translated.
    /// </remarks>
    internal abstract Statement Use(string sql);

    /// <summary>Runs a text of several statements.</summary>
    internal abstract void RunScript(string sql);

    /// <summary>Begins a transaction that no other writer of the state stands beside.</summary>
    /// <exception cref="HomelabException"><c>StateBusy</c>: another process was in it too long.</exception>
    internal abstract void BeginWriting(TimeSpan patience);

    internal abstract void Commit();

    /// <summary>Gives up what was not committed.</summary>
    internal abstract void RollBack();

    /// <summary>Asks something outside of a transaction.</summary>
    internal virtual T Read<T>(Func<Database, T> read) => read(this);

    /// <summary>Called now and then, when nobody waits.</summary>
    internal virtual void Tidy()
    {
    }

    /// <summary>Runs one statement without parameters or rows that matter.</summary>
    internal void Run(string sql)
    {
        using var statement = Use(sql);
        statement.Run();
    }

    /// <summary>The first column of the first row as a number.</summary>
    internal long Number(string sql)
    {
        using var statement = Use(sql);
        return statement.Step() ? statement.Number() : 0;
    }

    /// <summary>What to throw for a value that none of us has written.</summary>
    internal abstract HomelabException Odd(string why);

    public abstract void Dispose();
}
