using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.State;

/// <summary>A schema of its own on a real PostgreSQL server, which all tests share.</summary>
public sealed class StateServer : StateBed
{
    private readonly string _schema = $"t{Make.Id()}";
    private PostgresServer? _server;

    internal TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    internal Secret Connection => new($"{_server!.Connection};Search Path={_schema}");

    internal override string Place => Connection.Reveal();

    internal override async Task<StateStore> OpenAsync() => await OpenPostgresAsync();

    /// <summary>Makes the empty schema.</summary>
    internal async Task PrepareAsync()
    {
        if (_server is not null) return;
        _server = await PostgresServer.SharedAsync();
        Tamper($"CREATE SCHEMA {_schema}");
    }

    internal async Task<PostgresStore> OpenPostgresAsync()
    {
        await PrepareAsync();
        return await PostgresStore.OpenAsync(Connection, Lease, Time, TestContext.Current.CancellationToken);
    }

    internal override string NameLiving()
    {
        const string Name = "another-machine/1/1/00000000";
        Tamper($"INSERT INTO leases (holder, owner, expires_at) VALUES ('another', '{Name}', clock_timestamp() + interval '1 hour') ON CONFLICT DO NOTHING");
        return Name;
    }

    public override ValueTask DisposeAsync()
    {
        if (_server is not null) Tamper($"DROP SCHEMA {_schema} CASCADE");
        return ValueTask.CompletedTask;
    }

    internal override Database Connect() => new PostgresDatabase(PostgresAddress.Parse(Connection.Reveal()), TimeSpan.FromSeconds(5));
}
