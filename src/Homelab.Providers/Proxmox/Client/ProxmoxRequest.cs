namespace Homelab.Providers.Proxmox;

/// <summary>One call of the API, whichever node it is asked of.</summary>
internal sealed class ProxmoxRequest(HttpMethod method, string path, ProxmoxForm form, TimeSpan timeout)
{
    internal const string Root = "/api2/json";

    internal HttpMethod Method => method;

    /// <summary>Below <see cref="Root"/>, percent-encoded.</summary>
    internal string Path => path;

    /// <summary>How long one node has for its answer, the connection included.</summary>
    internal TimeSpan Timeout => timeout;

    /// <summary>True when it may be asked again without harm. SocketsHttpHandler does so by itself, within the time of one try.</summary>
    internal bool IsRead => method == HttpMethod.Get;

    /// <summary>The node that its path is about, or null.</summary>
    internal string? Node => path.Split('/') is ["", "nodes", { Length: > 0 } node, ..] ? Uri.UnescapeDataString(node) : null;

    /// <summary>What is sent, to one node.</summary>
    internal HttpRequestMessage Message(ProxmoxAddress address, ProxmoxPass pass, OnceBody? body)
    {
        // TLS is ours, below the stream that the handler sees: to it everything is http.
        var uri = new Uri($"http://{address}{Root}{Target(form.Encode())}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(method, uri) { Content = body };
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        pass.Apply(message.Headers, isChange: !IsRead);
        return message;
    }

    /// <summary>Its body; null where a request has none.</summary>
    internal OnceBody? Body() => IsRead ? null : new OnceBody(HasForm ? form.Encode() : "");

    /// <inheritdoc/>
    public override string ToString() => $"{method} {Target(form.ToString())}";

    private bool HasForm => method == HttpMethod.Post || method == HttpMethod.Put;

    private string Target(string query) => HasForm || query.Length == 0 ? path : $"{path}?{query}";
}
