using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.State;

/// <summary>What only a database on a server can do: be away, forget a connection, outlive a process's lease.</summary>
public sealed class PostgresStoreTests : IAsyncLifetime
{
    private readonly StateServer _server = new();
    private PostgresStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await _server.OpenPostgresAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_good_lease_nothing_begins()
    {
        _server.Tamper("UPDATE leases SET expires_at = clock_timestamp()");

        var error = await Assert.ThrowsAsync<HomelabException>(() => BeginAsync(Make.Change(caller: Make.Anna)));

        Assert.Equal(StateTrouble.LeaseLost, error.Id);
        Assert.Equal(0, _server.Number("SELECT count(*) FROM changes"));
    }

    [Fact]
    public async Task A_lease_is_renewed_as_long_as_the_store_is_open_and_given_up_with_it()
    {
        // Renewed after five seconds, and given up by itself only when it was not for ten.
        await using var bed = new StateServer { Lease = TimeSpan.FromSeconds(15) };
        var store = await bed.OpenPostgresAsync();
        var (owner, term) = (store.Owner, store.LeaseTerm);
        var first = bed.Texts("SELECT expires_at::text FROM leases");

        await Eventually.HoldsAsync("it was renewed", () => Task.FromResult(!bed.Texts("SELECT expires_at::text FROM leases").SequenceEqual(first)), Cancellation);
        Assert.True(await _store.IsAliveAsync(owner, Cancellation));
        Assert.Equal(term, store.LeaseTerm);
        await store.DisposeAsync();

        Assert.Equal(0, bed.Number("SELECT count(*) FROM leases"));
    }

    [Fact]
    public async Task A_lease_that_was_over_for_a_while_is_another_one_afterwards()
    {
        await using var bed = new StateServer { Lease = TimeSpan.FromSeconds(1) };
        await using var store = await bed.OpenPostgresAsync();
        var term = store.LeaseTerm;
        bed.Tamper("ALTER TABLE leases RENAME TO away");

        await Eventually.HoldsAsync("the lease is over", () => Task.FromResult(store.LeaseTerm == 0), Cancellation);
        bed.Tamper("ALTER TABLE away RENAME TO leases");
        await Eventually.HoldsAsync("there is a new one", () => Task.FromResult(store.LeaseTerm != 0), Cancellation);

        Assert.NotEqual(term, store.LeaseTerm);
    }

    [Fact]
    public async Task Connections_that_the_server_has_ended_are_made_anew()
    {
        // In a database of its own: what others are connected to is theirs.
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var store = await PostgresStore.OpenAsync(new Secret(connection), TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        await BeginAsync(Make.Change("vm:1"), store);
        await store.ListOpenAsync(Cancellation);

        _server.Tamper($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new Npgsql.NpgsqlConnectionStringBuilder(connection).Database}' AND query LIKE '%changes%'");

        await Eventually.HoldsAsync("it is written again", async () => await WritesAsync("vm:2", store), Cancellation);
        Assert.Equal(2, (await store.ListOpenAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task A_process_that_falls_silent_within_a_transaction_holds_up_nobody_for_long()
    {
        using var silent = new PostgresDatabase(PostgresAddress.Parse(_server.Connection.Reveal()), TimeSpan.FromSeconds(3));
        silent.BeginWriting(TimeSpan.FromSeconds(5));
        silent.RunScript("INSERT INTO schedules (runbook, expression, moment) VALUES ('silent', '', 0)");

        Assert.True((await BeginAsync(Make.Change())).Admitted);

        Assert.Equal("StateUnreachable", Assert.Throws<HomelabException>(silent.Commit).Id);
        Assert.Equal(0, _server.Number("SELECT count(*) FROM schedules"));
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_to_be_unreachable_and_serves_again_when_it_is_back()
    {
        await using var server = await PostgresServer.OfItsOwnAsync();
        await using var store = await PostgresStore.OpenAsync(new Secret(server.Connection), TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        await server.StopAsync();

        var write = await Assert.ThrowsAsync<HomelabException>(() => store.AppendAuditAsync(Make.Line(), durable: true, Cancellation));
        var read = await Assert.ThrowsAsync<HomelabException>(() => store.ListOpenAsync(Cancellation));
        // Nobody waits for this one: it is written when that is possible again.
        await store.AppendAuditAsync(Make.Line(AuditKind.Read), durable: false, Cancellation);
        await server.StartAgainAsync();

        Assert.Equal(("StateUnreachable", ErrorKind.Unavailable), (write.Id, write.Kind));
        Assert.Equal(("StateUnreachable", ErrorKind.Unavailable), (read.Id, read.Kind));
        await store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);
        Assert.Empty(await store.ListOpenAsync(Cancellation));
        var verdict = await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation);
        Assert.Equal((true, 2L), (verdict.Intact, verdict.Line));
    }

    [Fact]
    public async Task A_database_that_turns_us_away_is_said_so_without_the_password()
    {
        var connection = _server.Connection.Reveal().Replace(PostgresServer.Password, "not-the-password", StringComparison.Ordinal);

        var error = await Assert.ThrowsAsync<HomelabException>(() => PostgresStore.OpenAsync(new Secret(connection), TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation));

        Assert.Equal("StateUnreadable", error.Id);
        Assert.DoesNotContain("not-the-password", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=nowhere.invalid;Username=lab;Password=hunter2")]
    [InlineData("Host=127.0.0.1;Port=1;Username=lab;Password=hunter2")]
    public async Task A_server_that_is_not_there_is_said_to_be_unreachable_without_the_password(string text)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => PostgresStore.OpenAsync(new Secret(text), TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation));

        Assert.Equal("StateUnreachable", error.Id);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("Host=db;Port=hunter2")]
    [InlineData("Host=db;hunter2=1")]
    [InlineData("Username=hunter2")]
    [InlineData("postgresql://lab:hunter2@db/homelab")]
    public async Task A_text_that_is_no_connection_string_is_not_repeated(string text)
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => PostgresStore.OpenAsync(new Secret(text), TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation));

        Assert.Equal("DatabaseInvalid", error.Id);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_and_another_program_s_tables_are_refused()
    {
        _server.Tamper("INSERT INTO homelab_schema (version) VALUES (9999)");
        Assert.Equal("StateTooNew", (await Assert.ThrowsAsync<HomelabException>(_server.OpenPostgresAsync)).Id);

        _server.Tamper("DROP TABLE homelab_schema");
        var error = await Assert.ThrowsAsync<HomelabException>(_server.OpenPostgresAsync);
        Assert.Equal("StateUnreadable", error.Id);
        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_open_an_empty_database_at_once_make_one_schema()
    {
        await using var bed = new StateServer();
        await bed.PrepareAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => bed.OpenPostgresAsync()));

        Assert.Equal(Migration.Postgres.Count, bed.Number("SELECT count(*) FROM homelab_schema"));
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task Both_databases_have_the_same_tables_and_columns()
    {
        using var file = new StateFile();
        await using (await file.OpenAsync())
        {
        }

        var ofFile = file.Texts("SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'");
        var ofServer = _server.Texts("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT IN ('leases', 'homelab_schema')");

        Assert.Equal(ofFile.Order(StringComparer.Ordinal), ofServer.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a = ? AND b = ?", "a = $1 AND b = $2")]
    [InlineData("?1 IS NULL OR b = ?1 OR c = ?2", "$1 IS NULL OR b = $1 OR c = $2")]
    [InlineData("a IS ? AND b IS ?2", "a IS NOT DISTINCT FROM $1 AND b IS NOT DISTINCT FROM $2")]
    public void Statements_are_written_as_the_server_reads_them(string ours, string theirs) => Assert.Equal(theirs, PostgresStatement.Translate(ours));

    private Task<Admission> BeginAsync(ChangeRecord change, PostgresStore? store = null) => (store ?? _store).BeginAsync(change, Make.Limits, static _ => [], Make.Line(change: change.Id), Cancellation);

    private async Task<bool> WritesAsync(string target, PostgresStore store)
    {
        try
        {
            return (await BeginAsync(Make.Change(target), store)).Admitted;
        }
        catch (HomelabException e) when (e.Id == "StateUnreachable")
        {
            return false;
        }
    }
}
