using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp;

/// <summary>Collects the items of a query until it ends or a limit is met, and says which.</summary>
internal sealed class QueryCollector(OperationGate gate, ForeignJson foreign, QueryLimits limits, TimeProvider time)
{
    private const int LongestMessage = 2_000;

    internal async Task<CallToolResult> CollectAsync(OperationDescriptor operation, GateRequest request, CancellationToken cancellationToken)
    {
        var (items, hint) = await GatherAsync(operation, request, static _ => true, cancellationToken);
        return ToolAnswer.Items(operation, items, hint);
    }

    /// <summary>The items, cleaned, and why they are not all; null when they are.</summary>
    /// <param name="operation">The query.</param>
    /// <param name="request">How it is asked.</param>
    /// <param name="isWanted">Which items count.</param>
    /// <param name="cancellationToken">Ends it, without what has come so far.</param>
    internal async Task<(IReadOnlyList<JsonNode> Items, string? Hint)> GatherAsync(OperationDescriptor operation, GateRequest request, Func<object, bool> isWanted, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(limits.Time, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        var items = new List<JsonNode>();
        var left = limits.Characters;
        string? cut = null;
        try
        {
            await foreach (var item in gate.QueryAsync(request, either.Token))
            {
                if (!isWanted(item)) continue;
                if (items.Count == limits.Items)
                {
                    cut = $"there are more than {limits.Items} items";
                    break;
                }

                var clean = foreign.Clean(item, operation.ResultType, limits.Characters);
                if (clean.Text.Length > left)
                {
                    cut = $"more would be longer than {limits.Characters} characters";
                    break;
                }

                left -= clean.Text.Length;
                items.Add(clean.Node);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            cut = $"it had not ended after {Duration.Format(limits.Time)}";
        }

        return (items, cut is null ? null : $"Not complete: {cut}. {Narrower(operation)}");
    }

    /// <summary>One text of another system on one line.</summary>
    internal string Clean(string text) => foreign.Clean(text, LongestMessage);

    private static string Narrower(OperationDescriptor operation)
    {
        var fields = operation.Input.Properties.Where(p => !p.Required).Select(p => p.Name).ToList();
        return fields.Count == 0 ? "It cannot be narrowed." : $"Narrow it by {string.Join(", ", fields)}.";
    }
}
