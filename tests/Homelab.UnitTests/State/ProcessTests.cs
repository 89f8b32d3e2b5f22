using System.Diagnostics;
using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>Real processes on one file: killed at any moment, and side by side.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly StateFile _file = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_was_said_to_be_on_disk_survives_a_kill_at_any_moment()
    {
        var said = new List<string>();
        foreach (var lines in new[] { 1, 7, 40, 333, 1500, Random.Shared.Next(2, 3000) })
        {
            using var child = StateChild.Start("write", _file.FilePath, int.MaxValue);
            for (var i = 0; i < lines; i++) said.Add((await child.StandardOutput.ReadLineAsync(Cancellation))!);
            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } rest) said.Add(rest);
            await child.WaitForExitAsync(Cancellation);

            await VerifyAsync(said);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_kill_while_the_file_is_made_does_no_harm(int files)
    {
        // The file shows up before it has a schema, and those beside it while the schema is written.
        var seen = 0;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(_file.FilePath)!);
        watcher.Created += (_, _) =>
        {
            if (Interlocked.Increment(ref seen) == files) reached.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;

        using var child = StateChild.Start("write", _file.FilePath, int.MaxValue);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        child.Kill();
        await child.WaitForExitAsync(Cancellation);

        await VerifyAsync([]);
    }

    [Fact]
    public async Task Two_processes_respect_each_other_s_reservations()
    {
        const int Tries = 150;
        using var one = StateChild.Start("race", _file.FilePath, Tries);
        using var two = StateChild.Start("race", _file.FilePath, Tries);

        var begun = await Task.WhenAll(ReadAsync(one), ReadAsync(two));

        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
        Assert.All(begun, Assert.NotEmpty);
        Assert.Equal(begun.Sum(b => b.Count), _file.Number("SELECT count(*) FROM changes"));
        await VerifyAsync([.. begun.SelectMany(b => b)]);

        // The audit is one order of everything: between two beginnings on a target its end must stand.
        await using var store = await _file.OpenAsync();
        var open = new Dictionary<string, string>();
        await foreach (var line in store.ReadAuditAsync(1, Cancellation))
        {
            if (line.Kind == AuditKind.Intent) Assert.True(open.TryAdd(line.Target, line.Change), $"{line.Change} began on {line.Target} while {open[line.Target]} was open");
            else Assert.True(open.Remove(line.Target, out var ended) && ended == line.Change);
        }

        Assert.Empty(open);
    }

    private async Task VerifyAsync(IReadOnlyCollection<string> said)
    {
        await using (var store = await _file.OpenAsync())
        {
            var verdict = await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation);
            Assert.True(verdict.Intact, verdict.Reason);
        }

        Assert.Equal(["ok"], _file.Texts("PRAGMA integrity_check"));
        Assert.Empty(_file.Texts("SELECT \"table\" FROM pragma_foreign_key_check"));
        Assert.Empty(Of("alert").Except(_file.Texts("SELECT id FROM alerts")));
        Assert.Empty(Of("incident").Except(_file.Texts("SELECT id FROM incidents")));
        Assert.Empty(Of("begun").Except(_file.Texts("SELECT id FROM changes")));
        Assert.Empty(Of("ended").Except(_file.Texts("SELECT id FROM changes WHERE status = 'Succeeded'")));
        // Neither without the other: a change and its lines of the audit.
        Assert.Empty(_file.Texts("SELECT id FROM changes EXCEPT SELECT change FROM audit WHERE kind = 'Intent'"));
        Assert.Empty(_file.Texts("SELECT change FROM audit WHERE kind = 'Outcome' EXCEPT SELECT id FROM changes WHERE status = 'Succeeded'"));
        Assert.Empty(_file.Texts("SELECT id FROM changes WHERE status = 'Succeeded' EXCEPT SELECT change FROM audit WHERE kind = 'Outcome'"));

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
