namespace Homelab;

/// <summary>
/// A thing the product can do, written once. Derive from <see cref="Query{TInput, TItem}"/> or <see cref="Change{TInput, TResult}"/>; nothing else can
/// derive, and only the gate can run one: the body is protected, and the way to it is internal to this assembly.
/// </summary>
public abstract class Operation
{
    private protected Operation(Type inputType, Type resultType)
    {
        Descriptor = OperationDescriptor.Of(GetType(), inputType, resultType);
    }

    /// <summary>What faces need to know of it.</summary>
    public OperationDescriptor Descriptor { get; }

    /// <summary>What a call with this input would do, to what. Pure: no look at the world.</summary>
    /// <param name="input">An instance of the descriptor's input type.</param>
    public abstract Intent Describe(object input);
}
