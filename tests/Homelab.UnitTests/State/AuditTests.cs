using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class AuditTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task Lines_come_back_in_order_and_chained()
    {
        // More than one page of the reader.
        for (var i = 0; i < 1201; i++) await Store.AppendAuditAsync(Make.Line(AuditKind.Read, $"{i}"), durable: false, Cancellation);

        var lines = await Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Enumerable.Range(0, 1201).Select(i => $"{i}"), lines.Select(l => l.Change));
        var verdict = await AuditChain.VerifyAsync(Store.ReadAuditAsync(1, Cancellation), Cancellation);
        Assert.Equal((true, 1201L), (verdict.Intact, verdict.Line));
    }

    [Fact]
    public async Task The_audit_is_read_from_a_line_on()
    {
        for (var i = 0; i < 5; i++) await Store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        var lines = await Store.ReadAuditAsync(4, Cancellation).ToListAsync(Cancellation);

        Assert.Equal([4L, 5L], lines.Select(l => l.Sequence));
    }

    [Fact]
    public async Task Lines_appended_at_once_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(() => Store.AppendAuditAsync(Make.Line(), durable: i % 2 == 0, Cancellation))));

        var verdict = await AuditChain.VerifyAsync(Store.ReadAuditAsync(1, Cancellation), Cancellation);

        Assert.Equal((true, 300L), (verdict.Intact, verdict.Line));
    }

    [Fact]
    public async Task Lines_that_nobody_waited_for_are_there_after_closing()
    {
        for (var i = 0; i < 50; i++) await Store.AppendAuditAsync(Make.Line(AuditKind.Read), durable: false, Cancellation);

        await Store.DisposeAsync();

        Assert.Equal(50, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task The_chain_goes_on_after_opening_again()
    {
        await Store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);
        await Store.DisposeAsync();
        Store = await State.OpenAsync();
        await Store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        Assert.True((await AuditChain.VerifyAsync(Store.ReadAuditAsync(1, Cancellation), Cancellation)).Intact);
    }

    [Fact]
    public async Task The_chain_goes_on_after_a_line_of_another_store_on_the_file()
    {
        await using var other = await State.OpenAsync();
        for (var i = 0; i < 10; i++) await (i % 2 == 0 ? Store : other).AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        var verdict = await AuditChain.VerifyAsync(Store.ReadAuditAsync(1, Cancellation), Cancellation);

        Assert.Equal((true, 10L), (verdict.Intact, verdict.Line));
    }

    [Theory]
    [InlineData("UPDATE audit SET target = 'container:other@dev' WHERE sequence = 2")]
    [InlineData("DELETE FROM audit WHERE sequence = 2")]
    [InlineData("UPDATE audit SET elapsed = NULL WHERE sequence = 2")]
    public async Task A_line_that_was_tampered_with_shows(string sql)
    {
        for (var i = 0; i < 3; i++) await Store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);

        State.Tamper(sql);

        Assert.False((await AuditChain.VerifyAsync(Store.ReadAuditAsync(1, Cancellation), Cancellation)).Intact);
    }

    [Theory]
    [InlineData("UPDATE audit SET kind = 'Nonsense'")]
    [InlineData("UPDATE audit SET kind = '3'")]
    [InlineData("UPDATE audit SET time = -1")]
    [InlineData("UPDATE audit SET time = 9223372036854775807")]
    public async Task What_the_store_could_not_have_written_is_a_clear_error(string sql)
    {
        await Store.AppendAuditAsync(Make.Line(), durable: true, Cancellation);
        State.Tamper(sql);

        var error = await Assert.ThrowsAsync<HomelabException>(() => Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation).AsTask());

        Assert.Equal("StateUnreadable", error.Id);
    }
}

public sealed class SqliteAuditTests() : AuditTests(new StateFile());

public sealed class PostgresAuditTests() : AuditTests(new StateServer());
