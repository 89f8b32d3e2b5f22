using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Homelab.Lab.Proxmox;

namespace Homelab.SystemTests.Web.Rest;

/// <summary>The real host with three REST clients, over a simulated cluster of two nodes: <c>viewer</c> may look, <c>dashboard</c> operate, <c>console</c> see what is configured.</summary>
internal sealed class RestBench : IAsyncDisposable
{
    internal const string Dashboard = "dashboard-token-5f2c";
    internal const string Viewer = "viewer-token-90aa";
    internal const string Console = "console-token-c41d";

    private readonly WebBench _web;

    private RestBench(WebBench web) => _web = web;

    internal SimulatedProxmox Cluster => _web.Stage.Homelab.Proxmox;

    internal WebBench Web => _web;

    internal static async Task<RestBench> OpenAsync(Func<string, string>? edit = null, TimeSpan? partingLook = null)
    {
        var web = await WebBench.OpenAsync(TestContext.Current.CancellationToken, lab =>
        {
            lab = lab
                .Replace("rest: operate }", "rest: configure }", StringComparison.Ordinal)
                .Replace(
                    "hooks:\n",
                    """
                    rest:
                      dashboard: { token: "file:dashboard.token", level: operate }
                      viewer: { token: "file:viewer.token" }
                      console: { token: "file:console.token", level: configure }
                    hooks:

                    """,
                    StringComparison.Ordinal);
            return edit is null ? lab : edit(lab);
        }, partingLook: partingLook);
        web.Stage.Write("dashboard.token", Dashboard);
        web.Stage.Write("viewer.token", Viewer);
        web.Stage.Write("console.token", Console);
        return new RestBench(web);
    }

    internal Task<RestReply> GetAsync(string path, string? token = Dashboard, string? known = null) => SendAsync(HttpMethod.Get, path, token, body: null, known);

    internal Task<RestReply> PostAsync(string path, string? body = null, string? token = Dashboard) => SendAsync(HttpMethod.Post, path, token, body, known: null);

    internal async Task<RestReply> SendAsync(HttpMethod method, string path, string? token, string? body, string? known)
    {
        // As it stands: HttpClient would tidy up what a test sends on purpose.
        using var request = new HttpRequestMessage(method, new Uri(_web.Server.Url.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (known is not null) request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(known));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _web.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.All(_web.Stage.Secrets.Concat([Dashboard, Viewer, Console]), secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        return new RestReply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, response.Headers);
    }

    internal Task<List<AuditEntry>> AuditAsync() => _web.Runtime.Store.ReadAuditAsync(1, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask();

    internal Task ApproveAsync(string id) => _web.Runtime.Approvals.ApproveAsync(id, "cli:anna", typedTarget: null, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}

/// <summary>What the host answered.</summary>
internal sealed record RestReply(int Status, string? ContentType, string Body, HttpResponseHeaders Headers)
{
    internal JsonElement Json => JsonDocument.Parse(Body).RootElement;

    internal string Problem() => new WebAnswer(Status, ContentType, Body).Problem();

    internal JsonElement Is(int status)
    {
        Assert.True(Status == status, $"{Status}: {Body}");
        Assert.Equal("application/json", ContentType);
        return Json;
    }

    internal static string[] Names(JsonElement item) => [.. item.EnumerateObject().Select(p => p.Name)];
}
