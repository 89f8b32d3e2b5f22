using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Speaks to a simulated cluster as a plain client does: the cluster's authority is the only one it trusts.</summary>
internal sealed class ProxmoxCaller : IDisposable
{
    private readonly HttpClient _http;
    private readonly SimulatedProxmox _cluster;
    private readonly X509Certificate2 _authority;

    internal ProxmoxCaller(SimulatedProxmox cluster, string? token = null)
    {
        _cluster = cluster;
        Token = token;
        _authority = X509Certificate2.CreateFromPem(cluster.AuthorityPem);
        var handler = new SocketsHttpHandler { UseCookies = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(_authority);
        _http = new HttpClient(handler);
    }

    /// <summary>What it shows: <c>root@pam!lab=…</c>.</summary>
    internal string? Token { get; set; }

    internal string? Cookie { get; set; }

    internal string? Csrf { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A caller with a token of root that has all its rights.</summary>
    internal static ProxmoxCaller Root(SimulatedProxmox cluster) => new(cluster, "root@pam!lab=" + cluster.AddToken("root@pam", "lab"));

    internal Task<ProxmoxReply> GetAsync(string path, SimulatedNode? node = null) => SendAsync(HttpMethod.Get, path, node: node);

    internal Task<ProxmoxReply> PostAsync(string path, params (string Name, string Value)[] form) => SendAsync(HttpMethod.Post, path, form);

    internal Task<ProxmoxReply> PutAsync(string path, params (string Name, string Value)[] form) => SendAsync(HttpMethod.Put, path, form);

    internal Task<ProxmoxReply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Asks until a task has ended, and gives its exit status.</summary>
    internal async Task<string> EndAsync(string upid)
    {
        var status = "";
        await Eventually.HoldsAsync(
            $"end of {upid}",
            async () =>
            {
                var reply = await GetAsync($"/nodes/{upid.Split(':')[1]}/tasks/{Uri.EscapeDataString(upid)}/status");
                status = (string?)reply.Data?["exitstatus"] ?? "";
                return status.Length > 0;
            },
            Cancellation);
        return status;
    }

    internal async Task<ProxmoxReply> SendAsync(HttpMethod method, string path, (string Name, string Value)[]? form = null, SimulatedNode? node = null)
    {
        using var request = new HttpRequestMessage(method, new Uri((node ?? _cluster.Nodes[0]).Url + "api2/json" + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (Token is not null) request.Headers.TryAddWithoutValidation("Authorization", "PVEAPIToken=" + Token);
        if (Cookie is not null) request.Headers.Add("Cookie", "PVEAuthCookie=" + Uri.EscapeDataString(Cookie));
        if (Csrf is not null) request.Headers.Add("CSRFPreventionToken", Csrf);
        if (form is { Length: > 0 }) request.Content = new FormUrlEncodedContent(form.Select(static f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await _http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        return new ProxmoxReply(answer.StatusCode, answer.ReasonPhrase ?? "", text);
    }

    public void Dispose()
    {
        _http.Dispose();
        _authority.Dispose();
    }
}

/// <summary>What came back.</summary>
internal sealed record ProxmoxReply(HttpStatusCode Status, string Reason, string Text)
{
    internal JsonNode? Json { get; } = Text.StartsWith('{') ? JsonNode.Parse(Text) : null;

    internal JsonNode? Data => Json?["data"];

    /// <summary>Status and reason as one line.</summary>
    internal string Line => $"{(int)Status} {Reason}";
}
