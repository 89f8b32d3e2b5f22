using Homelab.Host.Commands;
using Homelab.Host.Rehearsals;

namespace Homelab.SystemTests.Rehearsals;

/// <summary>Every shipped runbook against the simulated homelab with every fault that makes sense, judged by what is really so there.</summary>
public sealed class RehearsalTests
{
    public static TheoryData<string> Runbooks => [.. Scenarios.All.Select(s => s.Runbook).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Runbooks))]
    public async Task A_shipped_runbook_heals_its_own_case_and_is_never_wrong(string runbook)
    {
        var card = await RehearseCommand.PlayAsync(runbook, TestContext.Current.CancellationToken);
        Assert.Empty(card.Results.Where(r => r.Verdict == RehearsalVerdict.Wrong).Select(r => $"{r.Fault}: {r.Why}"));
        Assert.Empty(card.Missed);
    }

    [Fact]
    public void Every_scenario_has_a_name_of_its_own() => Assert.Distinct(Scenarios.All.Select(s => s.Name));

    [Fact]
    public void Every_shipped_runbook_is_rehearsed() =>
        Assert.Equal(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runbooks"), "*.yaml").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), Scenarios.All.Select(s => s.Runbook).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
