using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp;

/// <summary>Collects the items of a query until it ends or a limit is met, and says which.</summary>
internal sealed class QueryCollector(OperationGate gate, ForeignJson foreign, QueryLimits limits, TimeProvider time)
{
    internal async Task<CallToolResult> CollectAsync(OperationDescriptor operation, GateRequest request, CancellationToken cancellationToken)
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

        return ToolAnswer.Items(operation, items, cut is null ? null : $"Not complete: {cut}. {Narrower(operation)}");
    }

    private static string Narrower(OperationDescriptor operation)
    {
        var fields = operation.Input.Properties.Where(p => !p.Required).Select(p => p.Name).ToList();
        return fields.Count == 0 ? "It cannot be narrowed." : $"Narrow it by {string.Join(", ", fields)}.";
    }
}
