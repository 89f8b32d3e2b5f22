using System.Runtime.CompilerServices;

namespace Homelab;

/// <summary>An operation that only looks, and yields what it sees one by one.</summary>
/// <typeparam name="TInput">A flat, serialisable record.</typeparam>
/// <typeparam name="TItem">A record of the model.</typeparam>
public abstract class Query<TInput, TItem> : Operation, IRunnableQuery
    where TInput : class
    where TItem : notnull
{
    /// <summary>Registers the input and item types.</summary>
    protected Query()
        : base(typeof(TInput), typeof(TItem))
    {
    }

    /// <summary>What it looks at. The lab as a whole, unless it has a subject.</summary>
    public virtual Intent Describe(TInput input) => new(Descriptor.Summary, Target.Lab);

    /// <inheritdoc/>
    public sealed override Intent Describe(object input) => Describe((TInput)input);

    /// <summary>Looks. Called by the gate alone.</summary>
    protected abstract IAsyncEnumerable<TItem> RunAsync(TInput input, OperationContext context, CancellationToken cancellationToken);

    async IAsyncEnumerable<object> IRunnableQuery.EnumerateAsync(object input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in RunAsync((TInput)input, context, cancellationToken).ConfigureAwait(false)) yield return item;
    }
}

internal interface IRunnableQuery
{
    IAsyncEnumerable<object> EnumerateAsync(object input, OperationContext context, CancellationToken cancellationToken);
}
