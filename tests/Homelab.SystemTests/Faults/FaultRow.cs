namespace Homelab.SystemTests.Faults;

/// <summary>One line of the matrix: who tells of what, what goes wrong besides, and how it must end.</summary>
/// <param name="Origin">Who tells.</param>
/// <param name="Scenario">Of what.</param>
/// <param name="Trouble">What goes wrong besides.</param>
/// <param name="End">How it must end.</param>
/// <param name="Changes">How many changes the systems may have been asked for.</param>
/// <param name="Messages">How many messages a person may have got.</param>
internal sealed record FaultRow(AlertOrigin Origin, FaultScenario Scenario, Trouble Trouble, RowEnd End, Span Changes, Span Messages)
{
    /// <summary>The status by which the door refused before; null where it must have refused nothing.</summary>
    internal int? Door { get; init; }

    internal FaultWord Word => Trouble.Word;

    internal string Name => $"{HomelabNames.Of(Word)}, {HomelabNames.Of(Origin)}, {Scenario.Name}: {Trouble.Text}";
}

/// <summary>From the fewest to the most.</summary>
internal sealed record Span(int Least, int Most)
{
    public static implicit operator Span(int exactly) => new(exactly, exactly);

    public override string ToString() => Least == Most ? $"{Least}" : $"{Least} to {Most}";

    internal bool Holds(int number) => number >= Least && number <= Most;
}

/// <summary>What goes wrong, and how it is brought about.</summary>
/// <param name="Word">In one word.</param>
/// <param name="Text">In a few.</param>
/// <param name="PlayAsync">Breaks what the scenario breaks, lets it be told, and does wrong meanwhile. Returns when no more is to come but the end.</param>
internal sealed record Trouble(FaultWord Word, string Text, Func<FaultStage, Task> PlayAsync);
