using Homelab.State;

namespace Homelab.UnitTests.State;

public sealed class OpeningTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(30);

    private readonly StateFile _file = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_new_file_has_the_newest_schema_and_a_durable_log()
    {
        await using var store = await _file.OpenAsync();

        Assert.Equal(Migration.All[^1].Version, _file.Number("PRAGMA user_version"));
        Assert.Equal(["wal"], _file.Texts("PRAGMA journal_mode"));
        Assert.Equal(["ok"], _file.Texts("PRAGMA integrity_check"));
    }

    [Fact]
    public void Connections_sync_at_each_commit_and_hold_foreign_keys() => _file.Look(database =>
    {
        Assert.Equal(2, database.Number("PRAGMA synchronous"));
        Assert.Equal(1, database.Number("PRAGMA foreign_keys"));
        return true;
    });

    [Fact]
    public async Task The_files_can_be_read_by_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var store = await _file.OpenAsync();
        await store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        var files = Directory.GetFiles(Path.GetDirectoryName(_file.FilePath)!);

        Assert.Equal(3, files.Length);
        foreach (var file in files)
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Closing_leaves_one_file()
    {
        var store = await _file.OpenAsync();
        await store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        await store.DisposeAsync();

        Assert.Equal([_file.FilePath], Directory.GetFiles(Path.GetDirectoryName(_file.FilePath)!));
    }

    [Fact]
    public async Task A_missing_folder_is_made()
    {
        var path = Path.Combine(Path.GetDirectoryName(_file.FilePath)!, "deep", "er", "x.db");

        await using var store = await SqliteStore.OpenAsync(path, _file.Time, Cancellation);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task An_older_file_is_brought_to_the_newest_schema_and_keeps_what_it_holds()
    {
        await using (var old = await SqliteStore.OpenAsync(_file.FilePath, _file.Time, [Migration.All[0]], TimeSpan.FromSeconds(1), Cancellation))
        {
            await old.AppendAuditAsync(Make.Line(change: "kept"), durable: true, Cancellation);
            await Assert.ThrowsAsync<HomelabException>(() => old.ListUnsentAsync(Cancellation));
        }

        Assert.Equal(1, _file.Number("PRAGMA user_version"));
        await using var store = await _file.OpenAsync();

        Assert.Equal(Migration.All[^1].Version, _file.Number("PRAGMA user_version"));
        Assert.Equal("kept", Assert.Single(await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation)).Change);
        Assert.Empty(await store.ListUnsentAsync(Cancellation));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_older_schema()
    {
        await using (await _file.OpenAsync())
        {
        }

        var next = new Migration(Migration.All[^1].Version + 1, "CREATE TABLE extra (x); SELECT nonsense;");
        var error = await Assert.ThrowsAsync<HomelabException>(() => SqliteStore.OpenAsync(_file.FilePath, _file.Time, [.. Migration.All, next], TimeSpan.FromSeconds(1), Cancellation));

        Assert.Equal("StateFailed", error.Id);
        Assert.Equal(Migration.All[^1].Version, _file.Number("PRAGMA user_version"));
        Assert.Equal(0, _file.Number("SELECT count(*) FROM sqlite_master WHERE name = 'extra'"));
    }

    [Fact]
    public void Migrations_are_numbered_without_a_gap() => Assert.Equal(Enumerable.Range(1, Migration.All.Count), Migration.All.Select(m => m.Version));

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_and_left_alone()
    {
        await using (await _file.OpenAsync())
        {
        }

        _file.Tamper("PRAGMA user_version = 99");

        var error = await Assert.ThrowsAsync<HomelabException>(_file.OpenAsync);

        Assert.Equal("StateTooNew", error.Id);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Equal(99, _file.Number("PRAGMA user_version"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(300)]
    [InlineData(5000)]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
        await File.WriteAllBytesAsync(_file.FilePath, bytes, Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(_file.OpenAsync);

        Assert.Equal("StateUnreadable", error.Id);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_file.FilePath, Cancellation));
    }

    [Fact]
    public async Task Another_program_s_database_is_refused_and_left_alone()
    {
        _file.Tamper("CREATE TABLE monitor (id); PRAGMA user_version = 1;");
        var before = await File.ReadAllBytesAsync(_file.FilePath, Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(_file.OpenAsync);

        Assert.Equal("StateUnreadable", error.Id);
        Assert.Equal(before, await File.ReadAllBytesAsync(_file.FilePath, Cancellation));
    }

    [Fact]
    public async Task A_folder_is_no_state_file()
    {
        Directory.CreateDirectory(_file.FilePath);

        Assert.Equal("StateUnreadable", (await Assert.ThrowsAsync<HomelabException>(_file.OpenAsync)).Id);
    }

    [Fact]
    public async Task A_damaged_file_is_a_clear_error()
    {
        await using (var store = await _file.OpenAsync())
        {
            for (var i = 0; i < 200; i++) await store.AppendAuditAsync(Make.Line(), durable: false, Cancellation);
        }

        var bytes = await File.ReadAllBytesAsync(_file.FilePath, Cancellation);
        Array.Fill(bytes, (byte)0xA5, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(_file.FilePath, bytes, Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await using var store = await _file.OpenAsync();
            await store.ListOpenIncidentsAsync(Cancellation);
        });

        Assert.Equal("StateUnreadable", error.Id);
    }

    [Fact]
    public async Task A_file_that_another_process_holds_is_busy_for_writing()
    {
        await using var store = await SqliteStore.OpenAsync(_file.FilePath, _file.Time, Migration.All, s_patience, Cancellation);
        await store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);
        using (var holder = SqliteDatabase.Open(_file.FilePath, s_patience))
        {
            holder.Run("BEGIN IMMEDIATE");

            var error = await Assert.ThrowsAsync<HomelabException>(() => store.AppendAuditAsync(Make.Line(), durable: true, Cancellation));

            Assert.Equal((ErrorKind.Unavailable, "StateBusy"), (error.Kind, error.Id));
            Assert.Single(await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation));
            holder.Run("ROLLBACK");
        }

        await store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);
    }

    [Fact]
    public async Task A_file_that_another_process_holds_is_busy_for_a_migration_and_open_without_one()
    {
        await using (await SqliteStore.OpenAsync(_file.FilePath, _file.Time, [Migration.All[0]], s_patience, Cancellation))
        {
        }

        using var holder = SqliteDatabase.Open(_file.FilePath, s_patience);
        holder.Run("BEGIN IMMEDIATE");

        var error = await Assert.ThrowsAsync<HomelabException>(() => SqliteStore.OpenAsync(_file.FilePath, _file.Time, Migration.All, s_patience, Cancellation));
        await using var current = await SqliteStore.OpenAsync(_file.FilePath, _file.Time, [Migration.All[0]], s_patience, Cancellation);

        Assert.Equal((ErrorKind.Unavailable, "StateBusy"), (error.Kind, error.Id));
        Assert.Empty(await current.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation));
        holder.Run("ROLLBACK");
    }

    [Fact]
    public async Task A_file_that_is_locked_as_a_whole_is_busy()
    {
        using var holder = SqliteDatabase.Open(_file.FilePath, s_patience);
        holder.Run("BEGIN EXCLUSIVE");

        var error = await Assert.ThrowsAsync<HomelabException>(() => SqliteStore.OpenAsync(_file.FilePath, _file.Time, Migration.All, s_patience, Cancellation));

        Assert.Equal("StateBusy", error.Id);
        holder.Run("ROLLBACK");
    }

    [Fact]
    public async Task Many_may_open_a_new_file_at_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(_file.OpenAsync)));
        await Task.WhenAll(stores.Select(s => s.AppendAuditAsync(Make.Line(), durable: true, Cancellation)));
        foreach (var store in stores) await store.DisposeAsync();

        Assert.Equal(8, _file.Number("SELECT count(*) FROM audit"));
    }
}
