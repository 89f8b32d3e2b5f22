using System.Security.Cryptography;

namespace Homelab.State;

/// <summary>The state in one PostgreSQL database, which processes of several machines may share. A process lives as long as it renews its lease.</summary>
public sealed class PostgresStore : StateStore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    // Two machines, or two containers, may have the same name, and their processes the same number and the same start.
    private static readonly string s_owner = $"{ProcessOwner.Current}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    private readonly Lease _lease;

    private PostgresStore(PostgresDatabase database, PostgresAddress address, Lease lease, TimeProvider time, TimeSpan silence)
        : base(database, new ReadPool(() => new PostgresDatabase(address, silence), isFar: true), time, s_patience)
    {
        Name = address.Name;
        _lease = lease;
    }

    /// <summary>How people know it: database, host and port.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string Owner => s_owner;

    /// <inheritdoc/>
    public override TimeSpan TakeOverEvery => _lease.Every;

    /// <inheritdoc/>
    public override int LeaseTerm => _lease.Term;

    /// <summary>Connects, brings the database to the newest schema, and takes a lease.</summary>
    /// <param name="connection">A connection string: <c>Host=db.lan;Database=homelab;Username=homelab;Password=…</c>.</param>
    /// <param name="lease">How long others wait for this process to say that it lives before they take over what it works on.</param>
    /// <param name="time">The clock of what is written down; leases go by the database's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException">
    /// <c>DatabaseInvalid</c> (Invalid): no connection string; <c>StateUnreachable</c> (Unavailable); <c>StateUnreadable</c> (Failed): turned away, or another program's;
    /// <c>StateTooNew</c> (Conflict): written by a newer version; <c>StateBusy</c>, <c>StateUnwritable</c> (Unavailable).
    /// </exception>
    public static async Task<PostgresStore> OpenAsync(Secret connection, TimeSpan lease, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(time);
        var address = PostgresAddress.Parse(connection.Reveal());
        var opening = Task.Run(() => Open(address, lease, time), cancellationToken);
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more: what it opens is closed again.
            _ = opening.ContinueWith(static late => late.Result.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>The password within a connection string, for whoever keeps secrets out of texts; null when there is none.</summary>
    /// <exception cref="HomelabException"><c>DatabaseInvalid</c> (Invalid).</exception>
    public static Secret? PasswordOf(Secret connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return PostgresAddress.Parse(connection.Reveal()).Password is { Length: > 0 } password ? new Secret(password) : null;
    }

    private protected override bool IsAlive(Database database, string owner) => LeaseTable.IsAlive(database, owner);

    private protected override bool IsLeaseGood(Database database) => LeaseTable.IsGood(database, _lease.Holder);

    private protected override void Close() => _lease.Dispose();

    private static PostgresStore Open(PostgresAddress address, TimeSpan length, TimeProvider time)
    {
        var silence = SilenceFor(length);
        var database = new PostgresDatabase(address, silence);
        try
        {
            PostgresMigrator.Migrate(database, Migration.Postgres, s_patience);
            var lease = Lease.Take(new PostgresDatabase(address, silence), s_owner, length);
            return new PostgresStore(database, address, lease, time, silence);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    // Within a transaction all other writers wait for us: no longer than it takes until they may take over anyhow.
    private static TimeSpan SilenceFor(TimeSpan lease) => TimeSpan.FromMilliseconds(Math.Clamp(lease.TotalMilliseconds / 2, 1_000, 5_000));
}
