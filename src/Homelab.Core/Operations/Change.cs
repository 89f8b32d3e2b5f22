namespace Homelab;

/// <summary>An operation that changes something.</summary>
/// <typeparam name="TInput">A flat, serialisable record: an approval stores it, its hash is what is approved, a journal resumes it.</typeparam>
/// <typeparam name="TResult">A record of the model: the changed thing as it was seen afterwards.</typeparam>
public abstract class Change<TInput, TResult> : Operation, IRunnableChange
    where TInput : class
    where TResult : notnull
{
    /// <summary>Registers the input and result types.</summary>
    protected Change()
        : base(typeof(TInput), typeof(TResult))
    {
    }

    /// <summary>What it would do, to what. Pure.</summary>
    public abstract Intent Describe(TInput input);

    /// <inheritdoc/>
    public sealed override Intent Describe(object input) => Describe((TInput)input);

    /// <summary>
    /// Looks before it acts: turns names into canonical ones, so that no alias slips past a policy, and takes a mark of the state by which
    /// <see cref="SettleAsync"/> can tell later whether the change happened. Reads only; runs before the decision.
    /// </summary>
    protected virtual Task<Prepared<TInput>> PrepareAsync(TInput input, OperationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new Prepared<TInput>(input, null));

    /// <summary>Does it, and returns only what was positively seen afterwards. Called by the gate alone.</summary>
    protected abstract Task<TResult> RunAsync(TInput input, OperationContext context, CancellationToken cancellationToken);

    /// <summary>
    /// After a crash or a lost answer: finds out by reading whether the change happened. The default is the honest one: nobody knows.
    /// </summary>
    /// <param name="input">The canonical input.</param>
    /// <param name="mark">What <see cref="PrepareAsync"/> noted before.</param>
    /// <param name="context">Who asks, clock.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    protected virtual Task<Settlement> SettleAsync(TInput input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Settlement.Unknown);

    async Task<Prepared<object>> IRunnableChange.PrepareAsync(object input, OperationContext context, CancellationToken cancellationToken)
    {
        var prepared = await PrepareAsync((TInput)input, context, cancellationToken).ConfigureAwait(false);
        return new Prepared<object>(prepared.Input, prepared.Mark) { World = prepared.World, Aliases = prepared.Aliases, Findings = prepared.Findings, Target = prepared.Target, OnlyLooks = prepared.OnlyLooks };
    }

    async Task<object> IRunnableChange.RunAsync(object input, OperationContext context, CancellationToken cancellationToken) =>
        await RunAsync((TInput)input, context, cancellationToken).ConfigureAwait(false);

    Task<Settlement> IRunnableChange.SettleAsync(object input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        SettleAsync((TInput)input, mark, context, cancellationToken);
}

/// <summary>A canonical input, and what the world looked like before.</summary>
/// <param name="Input">The input with every name made canonical.</param>
/// <param name="Mark">A short text that changes when the change happens, such as a start time. Null when there is none.</param>
public sealed record Prepared<TInput>(TInput Input, string? Mark)
{
    /// <summary>
    /// How the target is, as far as a person's yes to the change depends on it: which one it is and in what state, in words for people. Unlike the mark it holds nothing that
    /// changes by itself, such as a start time or a process id: an approval is void once it is another. Null when nothing of it matters.
    /// </summary>
    public string? World { get; init; }

    /// <summary>Other names of the target that were met on the way, such as its id; protection looks at them too.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What a policy of the operation's own says of this very call, such as the command policy. Each is one more rule of the decision: it can only make that stricter.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What this very call acts on, where that is more exact than the input alone can tell; null where it is as described.</summary>
    public Target? Target { get; init; }

    /// <summary>True where this very call only looks, though the operation may change something: protection, quiet windows, limits and one change at a time do not hold it back.</summary>
    public bool OnlyLooks { get; init; }
}

/// <summary>What a look after an unclear end found.</summary>
public enum Settlement
{
    /// <summary>It cannot be told. Stays unknown, and is escalated.</summary>
    Unknown,

    /// <summary>The change happened.</summary>
    Happened,

    /// <summary>The change did not happen.</summary>
    DidNotHappen,
}

internal interface IRunnableChange
{
    Task<Prepared<object>> PrepareAsync(object input, OperationContext context, CancellationToken cancellationToken);

    Task<object> RunAsync(object input, OperationContext context, CancellationToken cancellationToken);

    Task<Settlement> SettleAsync(object input, string? mark, OperationContext context, CancellationToken cancellationToken);
}
