using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>What a store promises, whatever its database: each class of tests has one that runs over SQLite and one that runs over PostgreSQL.</summary>
public abstract class StoreTests(StateBed state) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected StateBed State { get; } = state;

    protected StateStore Store { get; set; } = null!;

    public async ValueTask InitializeAsync() => Store = await State.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // Where the database is missing the test was skipped before it was opened.
        if (Store is not null) await Store.DisposeAsync();
        await State.DisposeAsync();
    }
}
