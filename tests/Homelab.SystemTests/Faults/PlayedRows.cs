using System.Collections.Concurrent;

namespace Homelab.SystemTests.Faults;

/// <summary>Plays the rows of a word all at once, as far as the machine bears it: they wait more than they work.</summary>
public sealed class PlayedRows
{
    private const int MostOnEachProcessor = 10;

    private static readonly SemaphoreSlim s_turns = new(MostOnEachProcessor * Environment.ProcessorCount);

    private readonly ConcurrentDictionary<FaultWord, IReadOnlyDictionary<string, Task<IReadOnlyList<string>>>> _plays = new();

    internal async Task ProveAsync(string name)
    {
        var word = FaultMatrix.Rows.Single(r => r.Name == name).Word;
        var plays = _plays.GetOrAdd(word, static w => FaultMatrix.Rows.Where(r => r.Word == w).ToDictionary(static r => r.Name, static r => Task.Run(() => PlayAsync(r)), StringComparer.Ordinal));
        var objections = await plays[name];
        Assert.True(objections.Count == 0, string.Join('\n', objections));
    }

    private static async Task<IReadOnlyList<string>> PlayAsync(FaultRow row)
    {
        await s_turns.WaitAsync();
        try
        {
            return await JudgeAsync(row);
        }
        finally
        {
            s_turns.Release();
        }
    }

    private static async Task<IReadOnlyList<string>> JudgeAsync(FaultRow row)
    {
        await using var stage = await FaultStage.OpenAsync(row);
        try
        {
            await row.Trouble.PlayAsync(stage);
            await stage.EndAsync();
            return await RowJudge.ObjectionsAsync(stage);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException or InvalidOperationException or HomelabException)
        {
            return [$"it came to no end: {e.GetType().Name}: {e.Message}", .. await RowJudge.ObjectionsAsync(stage)];
        }
    }
}
