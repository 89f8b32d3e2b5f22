using System.Text;
using Homelab.Automation.Tapes;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>The tape: what was handed over is on it, without secrets, and what is wrong on it is named.</summary>
public sealed class TapeTests : IDisposable
{
    private const long Plenty = 1_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-tape-");
    private readonly List<string> _trouble = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Tape => Path.Combine(_folder.FullName, "alerts.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_alert_is_on_it_when_the_writer_is_disposed_and_is_read_back_as_it_was()
    {
        var entries = Enumerable.Range(0, 2000).Select(static i => Entry($"service-{i}")).ToList();
        await using (var writer = new TapeWriter(Tape, Plenty * 100, static t => t, _trouble.Add))
        {
            foreach (var entry in entries) writer.Write(entry);
        }

        var lines = await ReadAsync();
        Assert.Equal(entries.Select(static e => e.Alert.Subject), lines.Select(static l => l.Entry!.Alert.Subject));
        Assert.Equal(Enumerable.Range(1, 2000), lines.Select(static l => l.Number));
        var first = lines[0].Entry!;
        Assert.Equal(("hook", "alertmanager", "gitea", "i1", true), (first.Hook, first.Source, first.Service, first.Incident, first.Duplicate));
        Assert.Equal(("memory", 92.5, "dev", "b"), (first.Alert.Resource, first.Alert.Value!.Value, first.Alert.Host, first.Alert.Labels["a"]));
        Assert.Empty(_trouble);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Tape));
    }

    [Fact]
    public async Task No_secret_is_on_it_however_it_would_be_escaped()
    {
        const string Secret = "hunter\"2+ü<x>";
        await using (var writer = new TapeWriter(Tape, Plenty, static t => t.Replace(Secret, "***", StringComparison.Ordinal), _trouble.Add))
        {
            writer.Write(Entry($"a {Secret} b"));
        }

        Assert.Equal("a *** b", Assert.Single(await ReadAsync()).Entry!.Alert.Subject);
        Assert.DoesNotContain("hunter", await File.ReadAllTextAsync(Tape, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_begun_anew_when_it_is_full_and_one_older_is_kept()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var writer = new TapeWriter(Tape, 1500, static t => t, _trouble.Add);
            writer.Write(Entry($"{i}-{new string('x', 800)}"));
        }

        Assert.StartsWith("2-", Assert.Single(await ReadAsync()).Entry!.Alert.Subject, StringComparison.Ordinal);
        Assert.Equal(["alerts.jsonl", "alerts.jsonl.1"], _folder.EnumerateFiles().Select(static f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_told_once_and_what_comes_afterwards_is_written()
    {
        // A folder in the place of the file: it can be opened by nobody, not even by root.
        Directory.CreateDirectory(Tape);
        await using (var writer = new TapeWriter(Tape, Plenty, static t => t, _trouble.Add))
        {
            writer.Write(Entry("lost"));
            await Eventually.HoldsAsync("the trouble is told", () => Task.FromResult(_trouble.Count > 0), Cancellation);
            writer.Write(Entry("lost too"));
        }

        Assert.Contains("Healing goes on", Assert.Single(_trouble), StringComparison.Ordinal);
        Directory.Delete(Tape);
        await using (var writer = new TapeWriter(Tape, Plenty, static t => t, _trouble.Add))
        {
            writer.Write(Entry("kept"));
        }

        Assert.Equal("kept", Assert.Single(await ReadAsync()).Entry!.Alert.Subject);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_named_by_its_number_and_the_next_is_read()
    {
        var good = TapeReading.Write(Entry("good"), static t => t);
        await File.WriteAllTextAsync(Tape, $"{good}\nnonsense\n\n{{}}\n{good[..50]}\n{new string('x', 1_100_000)}\n{good}", Cancellation);
        var lines = await ReadAsync();
        Assert.Equal([(1, true), (2, false), (4, false), (5, false), (6, false), (7, true)], lines.Select(static l => (l.Number, l.Entry is not null)));
        Assert.All(lines.Where(static l => l.Entry is null), static l => Assert.NotEmpty(l.Problem));
        Assert.Contains("longer than", lines[4].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tape_that_is_not_there_is_an_error_with_the_way_out() =>
        Assert.Equal("TapeNotFound", (await Assert.ThrowsAsync<HomelabException>(ReadAsync)).Id);

    private static TapeEntry Entry(string subject) => new()
    {
        At = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero),
        Hook = "hook",
        Source = "alertmanager",
        Alert = new Alert
        {
            Source = "alertmanager",
            Status = AlertStatus.Pressure,
            Subject = subject,
            At = new DateTimeOffset(2026, 11, 21, 7, 59, 59, TimeSpan.Zero),
            Resource = "memory",
            Value = 92.5,
            Host = "dev",
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" },
            Fingerprint = subject,
        },
        Service = "gitea",
        Incident = "i1",
        Duplicate = true,
    };

    private async Task<List<TapeReading>> ReadAsync()
    {
        var lines = new List<TapeReading>();
        await foreach (var line in TapeReader.ReadAsync(Tape, Cancellation)) lines.Add(line);
        return lines;
    }
}
