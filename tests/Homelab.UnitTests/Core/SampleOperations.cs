using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.UnitTests.Core;

/// <summary>Operations that count how often they ran, for tests of the gate.</summary>
public sealed record ThingInput
{
    [Subject, Description("The thing.")]
    public required string Name { get; init; }
}

public sealed record Thing(string Name, int Times);

[Operation("sample_read_thing", Level.Monitor, Risk.Read)]
[Description("Reads a thing.")]
public sealed class ReadThing : Query<ThingInput, Thing>
{
    public int Runs { get; private set; }

    public Action Behaviour { get; set; } = static () => { };

    public override Intent Describe(ThingInput input) => new("Read thing", new Target("thing", input.Name));

    protected override async IAsyncEnumerable<Thing> RunAsync(ThingInput input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Runs++;
        await Task.Yield();
        Behaviour();
        yield return new Thing(input.Name, Runs);
    }
}

/// <summary>A change whose behaviour a test sets.</summary>
public abstract class SampleChange : Change<ThingInput, Thing>
{
    private int _runs;

    public int Runs => _runs;

    public Func<CancellationToken, Task> Behaviour { get; set; } = static _ => Task.CompletedTask;

    public Func<Settlement> Settling { get; set; } = static () => Settlement.Unknown;

    public IReadOnlyList<string> Aliases { get; set; } = [];

    /// <summary>What the thing is called by now; null for what the caller says.</summary>
    public string? Renamed { get; set; }

    /// <summary>How the thing is, as far as an approval depends on it.</summary>
    public string? World { get; set; }

    /// <summary>True when the thing is not there any more.</summary>
    public bool Gone { get; set; }

    /// <summary>True to fail only after the target has taken the request.</summary>
    public bool ActsFirst { get; set; }

    public override Intent Describe(ThingInput input) => new("Change thing", input.Name.Split('@') is [var name, var host] ? new Target("thing", name, host) : new Target("thing", input.Name));

    protected override Task<Prepared<ThingInput>> PrepareAsync(ThingInput input, OperationContext context, CancellationToken cancellationToken)
    {
        if (Gone) throw new HomelabException(ErrorKind.NotFound, "ThingNotFound", $"There is no thing '{input.Name}'.", input.Name) { NothingHappened = true };
        return Task.FromResult(new Prepared<ThingInput>(input with { Name = Renamed ?? input.Name }, "before") { Aliases = Aliases, World = World });
    }

    protected override async Task<Thing> RunAsync(ThingInput input, OperationContext context, CancellationToken cancellationToken)
    {
        var run = Interlocked.Increment(ref _runs);
        if (ActsFirst) context.SayActed();
        await Behaviour(cancellationToken);
        return new Thing(input.Name, run);
    }

    protected override Task<Settlement> SettleAsync(ThingInput input, string? mark, OperationContext context, CancellationToken cancellationToken) => Task.FromResult(Settling());
}

[Operation("sample_add_thing", Level.Operate, Risk.Change, Unattended = Requirement.Auto)]
[Description("Adds a thing.")]
public sealed class AddThing : SampleChange;

[Operation("sample_restart_thing", Level.Operate, Risk.Disrupt, Unattended = Requirement.Auto, Idempotent = true, Aliases = ["bounce_thing"])]
[Description("Restarts a thing.")]
public sealed class RestartThing : SampleChange;

[Operation("sample_stop_thing", Level.Operate, Risk.Disrupt)]
[Description("Stops a thing.")]
public sealed class StopThing : SampleChange;

[Operation("sample_trim_thing", Level.Operate, Risk.Disrupt, Interrupts = false)]
[Description("Trims a thing.")]
public sealed class TrimThing : SampleChange;

[Operation("sample_delete_thing", Level.Manage, Risk.Destroy)]
[Description("Deletes a thing.")]
public sealed class DeleteThing : SampleChange;
