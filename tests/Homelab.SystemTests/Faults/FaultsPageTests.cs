using System.Text;
using Homelab.UnitTests.Configuration;

namespace Homelab.SystemTests.Faults;

/// <summary>What the matrix covers, and the page that shows it.</summary>
public sealed class FaultsPageTests
{
    private const int FewestOrigins = 3;

    [Fact]
    public void Every_source_is_in_it_and_every_fault_comes_with_three_sources_at_least()
    {
        Assert.Equal(Enum.GetValues<AlertOrigin>(), FaultMatrix.Rows.Select(static r => r.Origin).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultWord>(), FaultMatrix.Rows.Select(static r => r.Word).Distinct().Order());
        Assert.All(FaultMatrix.Rows.GroupBy(static r => r.Word), static g => Assert.True(g.Select(static r => r.Origin).Distinct().Count() >= FewestOrigins, $"{g.Key} comes with too few sources."));
        Assert.Equal(FaultMatrix.Rows.Count, FaultMatrix.Rows.Select(static r => r.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_page_shows_it()
    {
        var page = new StringBuilder(Head);
        foreach (var word in FaultMatrix.Rows.GroupBy(static r => r.Word))
        {
            page.Append($"\n## {Heading(word.Key)}\n\n| what goes wrong | told by | what fails | must end | changes | messages |\n|---|---|---|---|---|---|\n");
            foreach (var row in word) page.Append($"| {row.Trouble.Text} | {Spoken(row.Origin)} | {row.Scenario.Name} | {(row.Door is { } door ? $"refused with {door}, then " : "")}{HomelabNames.Of(row.End)} | {row.Changes} | {row.Messages} |\n");
        }

        PublishedFile.AssertIs("docs/faults.md", page.ToString());
    }

    private static string Head => $"""
        # What happens when something else goes wrong too

        {FaultMatrix.Rows.Count} rows, each played from its source's real way in to its end by `tests/Homelab.SystemTests/Faults`: deliveries as they were recorded from the real senders at the
        door of the real server, the engines' event streams, a Prometheus that is asked, and our own probes, over a simulated homelab that speaks the real protocols. Each is judged by
        what the engines and hypervisors were asked for, by how they are afterwards, by the messages in the chat, by the store (nothing is open) and by the audit (intact, and each change is in it);
        never by what the product says of itself. This page is written by a test from the rows.

        *Healed*: the service is really well again. *Escalated*: a person was told, and why. *Nothing*: nothing was wrong, or it is none of ours, and nobody was troubled. *Changes* is how many
        requests to change something the engines and hypervisors got; *messages* is how many a person got, a question among them where one is asked.

        """.ReplaceLineEndings("\n");

    private static string Heading(FaultWord word) => word switch
    {
        FaultWord.OutOfOrder => "Out of order",
        FaultWord.ClockJump => "Clock jump",
        FaultWord.DiskFull => "Disk full",
        FaultWord.StoreLocked => "Store locked",
        _ => $"{word}",
    };

    private static string Spoken(AlertOrigin origin) => origin switch
    {
        AlertOrigin.Kuma => "Uptime Kuma",
        AlertOrigin.Prometheus => "Prometheus, asked",
        AlertOrigin.Json => "mapped JSON",
        AlertOrigin.DockerEvents => "Docker events",
        AlertOrigin.Probe => "own probe",
        _ => $"{origin}",
    };
}
