using System.Diagnostics;
using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>Real processes on one state: killed at any moment, and side by side.</summary>
public abstract class ProcessTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task What_was_said_to_be_on_disk_survives_a_kill_at_any_moment()
    {
        var said = new List<string>();
        foreach (var lines in new[] { 1, 7, 40, 333, 1500, Random.Shared.Next(2, 3000) })
        {
            using var child = StateChild.Start("write", State.Place, int.MaxValue);
            for (var i = 0; i < lines; i++) said.Add((await child.StandardOutput.ReadLineAsync(Cancellation))!);
            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } rest) said.Add(rest);
            await child.WaitForExitAsync(Cancellation);

            await VerifyAsync(State, said);
        }
    }

    [Fact]
    public async Task Two_processes_respect_each_other_s_reservations()
    {
        const int Tries = 150;
        using var one = StateChild.Start("race", State.Place, Tries);
        using var two = StateChild.Start("race", State.Place, Tries);

        var begun = await Task.WhenAll(ReadAsync(one), ReadAsync(two));

        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
        Assert.All(begun, Assert.NotEmpty);
        Assert.Equal(begun.Sum(b => b.Count), State.Number("SELECT count(*) FROM changes"));
        await VerifyAsync(State, [.. begun.SelectMany(b => b)]);

        // The audit is one order of everything: between two beginnings on a target its end must stand.
        await using var store = await State.OpenAsync();
        var open = new Dictionary<string, string>();
        await foreach (var line in store.ReadAuditAsync(1, Cancellation))
        {
            if (line.Kind == AuditKind.Intent) Assert.True(open.TryAdd(line.Target, line.Change), $"{line.Change} began on {line.Target} while {open[line.Target]} was open");
            else Assert.True(open.Remove(line.Target, out var ended) && ended == line.Change);
        }

        Assert.Empty(open);
    }

    private protected virtual void VerifyDatabase(StateBed bed)
    {
    }

    private protected async Task VerifyAsync(StateBed bed, IReadOnlyCollection<string> said)
    {
        await using (var store = await bed.OpenAsync())
        {
            var verdict = await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation);
            Assert.True(verdict.Intact, verdict.Reason);
        }

        VerifyDatabase(bed);
        Assert.Empty(Of("alert").Except(bed.Texts("SELECT id FROM alerts")));
        Assert.Empty(Of("incident").Except(bed.Texts("SELECT id FROM incidents")));
        Assert.Empty(Of("begun").Except(bed.Texts("SELECT id FROM changes")));
        Assert.Empty(Of("ended").Except(bed.Texts("SELECT id FROM changes WHERE status = 'Succeeded'")));
        // Neither without the other: a change and its lines of the audit.
        Assert.Empty(bed.Texts("SELECT id FROM changes EXCEPT SELECT change FROM audit WHERE kind = 'Intent'"));
        Assert.Empty(bed.Texts("SELECT change FROM audit WHERE kind = 'Outcome' EXCEPT SELECT id FROM changes WHERE status = 'Succeeded'"));
        Assert.Empty(bed.Texts("SELECT id FROM changes WHERE status = 'Succeeded' EXCEPT SELECT change FROM audit WHERE kind = 'Outcome'"));

        IEnumerable<string> Of(string what) => said.Where(s => s.StartsWith(what + " ", StringComparison.Ordinal)).Select(s => s[(what.Length + 1)..]);
    }

    private static async Task<List<string>> ReadAsync(Process child)
    {
        var lines = new List<string>();
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line) lines.Add(line);
        await child.WaitForExitAsync(Cancellation);
        return lines;
    }
}

public sealed class SqliteProcessTests() : ProcessTests(new StateFile())
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_kill_while_the_file_is_made_does_no_harm(int files)
    {
        using var file = new StateFile();
        // The file shows up before it has a schema, and those beside it while the schema is written.
        var seen = 0;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file.Place)!);
        watcher.Created += (_, _) =>
        {
            if (Interlocked.Increment(ref seen) == files) reached.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;

        using var child = StateChild.Start("write", file.Place, int.MaxValue);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
        child.Kill();
        await child.WaitForExitAsync(Cancellation);

        await VerifyAsync(file, []);
    }

    private protected override void VerifyDatabase(StateBed bed)
    {
        Assert.Equal(["ok"], bed.Texts("PRAGMA integrity_check"));
        Assert.Empty(bed.Texts("SELECT \"table\" FROM pragma_foreign_key_check"));
    }
}

public sealed class PostgresProcessTests() : ProcessTests(new StateServer());
