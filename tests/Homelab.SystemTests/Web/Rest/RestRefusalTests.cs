namespace Homelab.SystemTests.Web.Rest;

/// <summary>What a known client is refused before the gate is asked, or beside it, is in the audit as what the gate refuses.</summary>
public sealed class RestRefusalTests
{
    private const string None = "0123456789abcdef0123";

    [Fact]
    public async Task Each_refusal_is_one_line_with_the_clients_name()
    {
        await using var bench = await RestBench.OpenAsync(static lab => lab.Replace("\"file:viewer.token\"", "\"file:viewer.token\", level: operate", StringComparison.Ordinal));
        var others = (await bench.PostAsync("/api/vms/100/stop", token: RestBench.Viewer)).Is(202).GetProperty("approval").GetString()!;
        (string Method, string Path, string? Body, int Status, string Id)[] refused =
        [
            ("GET", "/api/vms/a%2Fb%2Fc/status", null, 400, "VmidInvalid"),
            ("POST", "/api/vms/a%2Fb%2Fc/start", null, 400, "VmidInvalid"),
            ("POST", "/api/vms/110/start", new string(' ', 300_000), 413, "The body is longer|Request body too large"),
            ("POST", "/api/vms/110/start?dryRun=true", "{\"force\": true}", 400, "InputInvalid"),
            ("POST", "/api/vms/nobody/start?dryRun=true", null, 404, "VmNotFound"),
            ("POST", $"/api/vms/100/stop?approval={others}", null, 403, "ApprovalNotYours"),
            ("POST", $"/api/vms/100/stop?approval={None}", null, 404, "ApprovalNotFound"),
            ("GET", "/api/approvals?status=secret", null, 400, "InputInvalid"),
            ("GET", $"/api/approvals/{None}", null, 404, "ApprovalNotFound"),
            ("POST", $"/api/approvals/{None}/approve", null, 404, "ApprovalNotFound"),
            ("POST", $"/api/approvals/{others}/approve", "{\"as\": \"cli:anna\"}", 400, "InputInvalid"),
            ("POST", $"/api/approvals/{others}/deny", "no", 400, "BodyUnreadable"),
        ];
        foreach (var (method, path, body, status, id) in refused)
        {
            var before = (await bench.AuditAsync()).Count;
            var reply = await bench.SendAsync(new HttpMethod(method), path, RestBench.Dashboard, body, known: null);
            Assert.True(reply.Status == status, $"{method} {path}: {reply.Status} {reply.Body}");
            var line = Assert.Single((await bench.AuditAsync()).Skip(before), static l => l.Kind == AuditKind.Denied);
            Assert.Equal(("rest", "dashboard", "rest_request", "not begun"), (line.Trigger, line.Identity, line.Operation, line.Result));
            Assert.StartsWith($"{method} /api/", line.Target, StringComparison.Ordinal);
            Assert.Contains(id.Split('|'), wanted => line.Error.StartsWith(wanted, StringComparison.Ordinal));
        }

        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task Who_may_not_answer_is_written_down_once_by_the_desk()
    {
        await using var bench = await RestBench.OpenAsync();
        var id = (await bench.PostAsync("/api/vms/100/stop")).Is(202).GetProperty("approval").GetString()!;
        var reply = await bench.PostAsync($"/api/approvals/{id}/approve", token: RestBench.Viewer);
        Assert.Equal((403, "ApproverNotAllowed"), (reply.Status, reply.Problem()));
        var line = Assert.Single(await bench.AuditAsync(), static l => l.Kind == AuditKind.Denied);
        Assert.StartsWith("answer not taken", line.Result, StringComparison.Ordinal);
    }
}
