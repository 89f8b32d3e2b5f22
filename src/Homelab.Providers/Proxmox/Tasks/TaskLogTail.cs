namespace Homelab.Providers.Proxmox;

/// <summary>Reads a task's log as it grows, each line once.</summary>
/// <remarks><c>GET /nodes/{node}/tasks/{upid}/log?start=&amp;limit=</c>.</remarks>
internal sealed class TaskLogTail(ProxmoxWire wire, TaskRef task)
{
    private const int Page = 500;
    private const int LongestLine = 1000;

    private int _read;
    private string _last = "";

    /// <summary>The lines that have come since the last look.</summary>
    internal async Task<IReadOnlyList<string>> ReadNewAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        for (; ; )
        {
            var query = new ProxmoxForm { { "start", _read }, { "limit", Page } };
            var page = await wire.GetAsync($"/nodes/{task.Node}/tasks/{task.Upid}/log", query, ProxmoxJson.Default.TaskLogWireArray, cancellationToken).ConfigureAwait(false);
            // An empty log is one line that says so.
            if (_read == 0 && page is [{ Text: "no content" }]) return lines;
            lines.AddRange(page.Select(static l => ForeignText.Clean(l.Text ?? "", LongestLine)));
            _read += page.Length;
            if (page.Length < Page) break;
        }

        if (lines.Count > 0) _last = lines[^1];
        return lines;
    }

    /// <summary>The last line so far; empty while there is none.</summary>
    internal async Task<string> ReadLastAsync(CancellationToken cancellationToken)
    {
        await ReadNewAsync(cancellationToken).ConfigureAwait(false);
        return _last;
    }
}
