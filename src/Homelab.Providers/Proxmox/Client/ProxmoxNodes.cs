namespace Homelab.Providers.Proxmox;

/// <summary>
/// The nodes of the cluster, any of which answers for all. A read that fails on the way is asked of the next one; a change only where it is certain that
/// nothing of it was sent.
/// </summary>
internal sealed class ProxmoxNodes : IDisposable
{
    private const int MostTries = 3;

    // Only one node: it may be restarting its proxy.
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly ProxmoxNode[] _nodes;
    private readonly TimeProvider _time;
    private volatile ProxmoxNode _lastGood;

    /// <exception cref="HomelabException"><c>ProxmoxUrlInvalid</c> (Invalid).</exception>
    internal ProxmoxNodes(ProxmoxSettings settings, ProviderContext context)
    {
        _nodes = [.. ProxmoxAddress.Of(settings).Select(address => new ProxmoxNode(address, context))];
        _lastGood = _nodes[0];
        _time = context.Time;
    }

    /// <summary>The answer of the first node that gives one.</summary>
    internal async Task<ProxmoxAnswer> SendAsync(ProxmoxRequest request, ProxmoxPass pass, CancellationToken cancellationToken)
    {
        // One that could not be reached of late comes last: better a vain try than none.
        var order = _nodes.OrderBy(static n => n.IsAside).ThenBy(n => n != _lastGood).ToArray();
        ProxmoxAnswer? passing = null;
        var failures = new List<HomelabException>();
        for (var tried = 0; tried < MostTries; tried++)
        {
            if (order.Length == 1 && tried > 0) await Task.Delay(s_pauses[tried - 1], _time, cancellationToken).ConfigureAwait(false);
            else if (tried == order.Length) break;
            var node = order[tried % order.Length];
            try
            {
                var answer = await node.SendAsync(request, pass, cancellationToken).ConfigureAwait(false);
                if (request.IsRead && answer.IsPassing)
                {
                    passing = answer;
                    continue;
                }

                _lastGood = node;
                return answer;
            }
            catch (HomelabException e) when (MayGoOn(request, e, order.Length))
            {
                failures.Add(e);
            }
        }

        return passing ?? throw ProxmoxErrors.Several(failures);
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
    }

    // A single node that cannot be reached is not asked again: whoever waits for it wants to know.
    private static bool MayGoOn(ProxmoxRequest request, HomelabException e, int nodes) =>
        ProxmoxErrors.IsUnreached(e) ? nodes > 1 : request.IsRead && ProxmoxErrors.IsLost(e);
}
