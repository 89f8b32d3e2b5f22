namespace Homelab.Configuration;

/// <summary>What must hold for the addresses of <c>mcp:</c>. A name that is read in another way than it was meant would keep clients out, or let pages in.</summary>
internal sealed class McpRules(McpDefinition mcp, SourceMap source, ProblemList problems)
{
    internal void Check()
    {
        if (mcp.Url is { } url && !IsAddress(url)) Add("mcp.url", url, "is not the address of a server, without a path", "Write it as https://homelab.example.net.");
        for (var i = 0; i < mcp.Origins.Count; i++)
        {
            if (mcp.Origins[i] is { } origin && !IsAddress(origin)) Add($"mcp.origins[{i}]", origin, "is not an origin, as browsers send it", "Write it as https://inspector.example.net, each one by itself: there are no patterns.");
        }

        for (var i = 0; i < mcp.Hosts.Count; i++)
        {
            if (mcp.Hosts[i] is { } host && !HostPort.IsHostWithOptionalPort(host)) Add($"mcp.hosts[{i}]", host, "is not a host name", "Write it as homelab.example.net, or with a port behind a colon; without https://.");
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.Fragment.Length == 0 && url.UserInfo.Length == 0;

    private void Add(string path, string value, string reason, string wayOut) => problems.Add(source.Of(path), path, $"is {ProblemList.Show(value)}, which {reason}", wayOut);
}
