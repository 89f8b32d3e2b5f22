using System.Collections.Frozen;

namespace Homelab;

/// <summary>All operations of this process, by name and alias.</summary>
public sealed class OperationCatalog
{
    private readonly FrozenDictionary<string, Operation> _byName;

    /// <param name="operations">Every operation once.</param>
    /// <exception cref="InvalidOperationException">Two operations claim one name.</exception>
    public OperationCatalog(IEnumerable<Operation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        All = [.. operations.OrderBy(o => o.Descriptor.Name, StringComparer.Ordinal)];
        var names = new Dictionary<string, Operation>(StringComparer.OrdinalIgnoreCase);
        foreach (var operation in All)
        {
            foreach (var name in operation.Descriptor.Aliases.Prepend(operation.Descriptor.Name))
            {
                if (!names.TryAdd(name, operation)) throw new InvalidOperationException($"Two operations are called '{name}'.");
            }
        }

        _byName = names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Every operation, ordered by name.</summary>
    public IReadOnlyList<Operation> All { get; }

    /// <summary>Finds an operation by name or alias, ignoring case.</summary>
    public bool TryFind(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Operation? operation) => _byName.TryGetValue(name, out operation);

    /// <summary>Finds an operation by name or alias.</summary>
    /// <exception cref="HomelabException"><c>OperationNotFound</c> (NotFound), with the nearest name.</exception>
    public Operation Find(string name) =>
        TryFind(name, out var operation)
            ? operation
            : throw new HomelabException(
                ErrorKind.NotFound,
                "OperationNotFound",
                $"There is no operation '{name}'. {NearestName.Hint(name, [.. All.Select(o => o.Descriptor.Name)])}",
                name);
}
