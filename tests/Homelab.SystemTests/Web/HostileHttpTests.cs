using System.Text;
using System.Text.Json;

namespace Homelab.SystemTests.Web;

/// <summary>Deliveries that are wrong before anybody looks at their body: tokens, methods, paths, framing.</summary>
public sealed class HostileHttpTests(HostileHttpTests.Fixture fixture) : IClassFixture<HostileHttpTests.Fixture>
{
    // Alerts about nothing in the lab: what is let in is kept, and sets nothing off.
    private static readonly byte[] s_good = Encoding.UTF8.GetBytes(WebBench.Beat("nobody knows it", 0, 1));

    private static readonly Dictionary<string, Delivery> s_deliveries = All().ToDictionary(d => d.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. s_deliveries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_answered_with_its_status_and_reason_and_changes_nothing(string name)
    {
        var delivery = s_deliveries[name];
        var bench = fixture.Bench;
        var headers = delivery.Headers.Select(h => h.Replace("{token}", bench.Token, StringComparison.Ordinal));
        var answer = await RawHttp.SendAsync(bench.Server.Url, RawHttp.Request(delivery.Line, headers, delivery.Body), delivery.HangsUp);
        Assert.True(delivery.Status == answer.Status, $"{answer.Status}: {answer.Body}");
        if (delivery.Id is not null && answer.Body.Length > 0) Assert.Equal(delivery.Id, answer.AsWeb.Problem());
        if (delivery.Id is not null && delivery.Line[..4] != "HEAD") Assert.NotEmpty(answer.Body);
        if (answer.Status == 405) Assert.Contains("GET", answer.Headers["allow"], StringComparison.Ordinal);
        if (answer.Status == 401) Assert.Equal("Bearer", answer.Headers["www-authenticate"]);
        Assert.DoesNotContain(bench.Token, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("server", answer.Headers.Keys, StringComparer.Ordinal);
        Assert.Empty(bench.Stage.Homelab.Changes);
        Assert.Equal(200, (await bench.GetAsync("/health")).Status);
    }

    [Fact]
    public async Task A_sender_that_never_ends_holds_up_nobody_else()
    {
        var bench = fixture.Bench;
        using var slow = await RawHttp.ConnectAsync(bench.Server.Url);
        await slow.WriteAsync(RawHttp.Request("POST /hooks/uptime-alert HTTP/1.1", ["Host: x", $"Authorization: Bearer {bench.Token}", "Content-Length: 1000"], s_good[..20]));
        using var silent = await RawHttp.ConnectAsync(bench.Server.Url);
        await silent.WriteAsync("POST /hooks/uptime-al"u8.ToArray());
        for (var second = 100; second < 120; second++) Assert.Equal(202, (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, second))).Status);

        // It is told so, and let go.
        await slow.WriteAsync(new byte[1]);
        var answer = await slow.ReadAsync();
        Assert.Equal((408, "RequestUnreadable"), (answer.Status, answer.AsWeb.Problem()));
    }

    [Fact]
    public async Task A_body_that_is_dropped_in_its_middle_is_forgotten()
    {
        var bench = fixture.Bench;
        var before = (await bench.Runtime.Store.ListAlertsAsync(1_000, TestContext.Current.CancellationToken)).Count;
        using (var http = await RawHttp.ConnectAsync(bench.Server.Url))
        {
            await http.WriteAsync(RawHttp.Request("POST /hooks/uptime-alert HTTP/1.1", ["Host: x", $"Authorization: Bearer {bench.Token}", $"Content-Length: {s_good.Length}"], s_good[..^1]));
        }

        Assert.Equal(202, (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 200))).Status);
        Assert.Equal(before + 1, (await bench.Runtime.Store.ListAlertsAsync(1_000, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_hook_whose_own_token_is_missing_lets_nobody_in_and_says_not_where_it_is_kept()
    {
        await using var bench = await WebBench.OpenAsync(TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(bench.Stage.Folder, Lab.SimulatedTokens.HookVariable));
        var answer = await bench.PostAsync(WebBench.Beat("Gitea", 0, 1), token: "");
        Assert.Equal((503, "HookTokenMissing"), (answer.Status, answer.Problem()));
        Assert.DoesNotContain(Lab.SimulatedTokens.HookVariable, answer.Body, StringComparison.Ordinal);
        Assert.Empty(await bench.Runtime.Store.ListAlertsAsync(10, TestContext.Current.CancellationToken));
    }

    private static IEnumerable<Delivery> All() => [.. Tokens(), .. Methods(), .. Paths(), .. Framing()];

    private static IEnumerable<Delivery> Tokens()
    {
        const string Id = "TokenRefused";
        yield return Post("no token", 401, Id) with { Headers = Sized("Host: x") };
        foreach (var (name, value) in new (string, string)[]
        {
            ("an empty header", ""), ("the scheme alone", "Bearer"), ("the scheme and a blank", "Bearer "), ("another token", "Bearer wrong"), ("the token without scheme", "{token}"), ("another scheme", "Basic {token}"),
            ("the token twice", "Bearer {token} {token}"), ("the token and more", "Bearer {token}x"), ("two schemes", "Bearer Bearer {token}"), ("no blank between", "Bearer{token}"), ("an underscore in the scheme", "Bear_er {token}"),
            ("quotes around it", "Bearer \"{token}\""), ("a comma behind it", "Bearer {token},"), ("not ASCII", "Bearer tökén"), ("lower case and wrong", "bearer wrong"), ("double blanks and wrong", "Bearer  wrong"),
            ("a token of 20000", "Bearer " + new string('x', 20_000)), ("a null in words", "Bearer null"), ("a mask", "Bearer ***"), ("a reference", "Bearer env:HOMELAB_SIMULATED_HOOK_TOKEN"),
        })
        {
            yield return Post(name, 401, Id) with { Headers = Sized("Host: x", $"Authorization: {value}") };
        }

        yield return Post("two headers, one of them right", 401, Id) with { Headers = Sized("Host: x", "Authorization: Bearer wrong", "Authorization: Bearer {token}") };
        yield return Post("the token in another header", 401, Id) with { Headers = Sized("Host: x", "X-Authorization: Bearer {token}", "Proxy-Authorization: Bearer {token}", "Cookie: token={token}") };
        yield return Post("the token in the query", 401, Id) with { Line = "POST /hooks/uptime-alert?token=x&access_token=x HTTP/1.1", Headers = Sized("Host: x") };
        yield return Post("a token of 40000, which is more than all headers may have", 431, null) with { Headers = Sized("Host: x", $"Authorization: Bearer {new string('x', 40_000)}") };
        // RFC 9110: the scheme in any case, and one blank or more.
        yield return Post("lower case and right", 202, null) with { Headers = Sized("Host: x", "Authorization: bearer {token}") };
        yield return Post("double blanks and right", 202, null) with { Headers = Sized("Host: x", "Authorization: Bearer  {token}") };
    }

    private static IEnumerable<Delivery> Methods()
    {
        foreach (var method in (string[])["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "CONNECT", "ALERT"])
        {
            yield return Post($"method {method}", 405, "MethodNotAllowed") with { Line = $"{method} /hooks/uptime-alert HTTP/1.1" };
        }

        foreach (var path in (string[])["/health", "/metrics"])
        {
            yield return Post($"POST {path}", 405, "MethodNotAllowed") with { Line = $"POST {path} HTTP/1.1" };
        }

        yield return Post("a method of bytes", 400, null) with { Line = "\u0001\u0002 /hooks/uptime-alert HTTP/1.1" };
    }

    private static IEnumerable<Delivery> Paths()
    {
        foreach (var (path, id) in new (string, string)[]
        {
            ("/hooks/unknown", "HookNotFound"), ("/hook/UPTIME-ALERT", "HookNotFound"), ("/hooks/..%2fuptime-alert", "HookNotFound"), ("/hooks/uptime-alert%00", "HookNotFound"), ("/hooks/uptime-alert%2f", "HookNotFound"),
            ("/hooks/%75ptime-alert%20", "HookNotFound"), ("/hooks/" + "x/".PadLeft(2_000, 'x'), "HookNotFound"), ("/hooks/*", "HookNotFound"), ("/hooks/{name}", "HookNotFound"), ("/hooks/kuma", "HookNotFound"),
            ("/hooks/../x", "PathNotFound"), ("/hooks/%2e%2e/x", "PathNotFound"), ("/hooks/uptime-alert/..", "PathNotFound"), ("//hooks//uptime-alert", "PathNotFound"), ("/hooks//uptime-alert", "PathNotFound"),
            ("/hooks", "PathNotFound"), ("/hooks/", "PathNotFound"), ("/hooks/uptime-alert/more", "PathNotFound"), ("/..%5c..%5cetc/passwd", "PathNotFound"), ("/homelab.yaml", "PathNotFound"),
            ("/api/approvers", "PathNotFound"), ("/hooksuptime-alert", "PathNotFound"), ("/hooks/../../../../etc/passwd", "PathNotFound"), ("/.env", "PathNotFound"),
        })
        {
            yield return Post($"path {(path.Length > 60 ? "of 2000" : path)}", id == "HookNotFound" && path.Contains("%00", StringComparison.Ordinal) ? 400 : 404, path.Contains("%00", StringComparison.Ordinal) ? null : id) with { Line = $"POST {path} HTTP/1.1" };
        }

        yield return Post("dots that lead back to the hook", 202, null) with { Line = "POST /x/%2e%2e/hooks/./uptime-alert HTTP/1.1" };
        yield return Post("a blank in the path", 400, null) with { Line = "POST /hooks/uptime alert HTTP/1.1" };
        yield return Post("a path that is not ASCII", 400, null) with { Line = "POST /hooks/üptime HTTP/1.1" };
        yield return Post("another host's path", 400, null) with { Line = "POST http://elsewhere/hooks/uptime-alert HTTP/1.1" };
        yield return Post("a request line of 100000", 414, null) with { Line = $"GET /hooks/uptime-alert?msg={new string('x', 100_000)} HTTP/1.1" };
    }

    private static IEnumerable<Delivery> Framing()
    {
        var large = new byte[300_000];
        yield return Post("a body over the limit", 413, "RequestUnreadable") with { Body = large, Headers = [.. Authorized, $"Content-Length: {large.Length}"] };
        yield return Post("a length over the limit, and no body", 413, "RequestUnreadable") with { Body = [], Headers = [.. Authorized, "Content-Length: 999999999999"] };
        yield return Post("chunks over the limit", 413, "RequestUnreadable") with { Body = Chunks(large, 10_000), Headers = [.. Authorized, "Transfer-Encoding: chunked"] };
        yield return Post("chunks of one byte", 202, null) with { Body = Chunks(s_good, 1), Headers = [.. Authorized, "Transfer-Encoding: chunked"] };
        yield return Post("a chunk's length that is none", 400, "RequestUnreadable") with { Body = "zz\r\nhello\r\n0\r\n\r\n"u8.ToArray(), Headers = [.. Authorized, "Transfer-Encoding: chunked"] };
        yield return Post("chunks that end early", 0, null) with { Body = "ff\r\nhello"u8.ToArray(), Headers = [.. Authorized, "Transfer-Encoding: chunked"], HangsUp = true };
        yield return Post("a body shorter than its length", 0, null) with { Headers = [.. Authorized, $"Content-Length: {s_good.Length + 1}"], HangsUp = true };
        yield return Post("no length and no body", 400, "AlertUnreadable") with { Body = [], Headers = Authorized };
        yield return Post("a length of none", 400, "AlertUnreadable") with { Body = [], Headers = [.. Authorized, "Content-Length: 0"] };
        yield return Post("a length below zero", 400, null) with { Headers = [.. Authorized, "Content-Length: -1"] };
        yield return Post("a length in words", 400, null) with { Headers = [.. Authorized, "Content-Length: many"] };
        yield return Post("two lengths", 400, null) with { Headers = [.. Authorized, $"Content-Length: {s_good.Length}", "Content-Length: 1"] };
        yield return Post("another transfer encoding", 400, null) with { Headers = [.. Authorized, "Transfer-Encoding: gzip"] };
        yield return Post("HTTP/1.0", 202, null) with { Line = "POST /hooks/uptime-alert HTTP/1.0" };
        yield return Post("HTTP/1.0 without host", 202, null) with { Line = "POST /hooks/uptime-alert HTTP/1.0", Headers = Sized("Authorization: Bearer {token}") };
        yield return Post("HTTP/1.1 without host", 400, null) with { Headers = Sized("Authorization: Bearer {token}") };
        yield return Post("HTTP/3.7", 505, null) with { Line = "POST /hooks/uptime-alert HTTP/3.7" };
        yield return Post("no HTTP", 400, null) with { Line = "hello" };
        yield return Post("two hundred headers", 431, null) with { Headers = [.. Authorized, .. Enumerable.Range(0, 200).Select(n => $"X-{n}: {n}")] };
        yield return Post("a header without colon", 400, null) with { Headers = [.. Authorized, "nonsense"] };
        yield return Post("a header that goes on in the next line", 400, null) with { Headers = [.. Authorized, "X-Folded: a\r\n b"] };
        yield return Post("headers that claim another address", 202, null) with { Headers = Sized("Host: x", "Authorization: Bearer {token}", "X-Forwarded-For: 1.2.3.4", "X-Original-URL: /health", "X-HTTP-Method-Override: DELETE") };
        yield return Post("a body that says it is compressed", 202, null) with { Headers = Sized("Host: x", "Authorization: Bearer {token}", "Content-Encoding: gzip") };
        yield return Post("a second request hidden behind the body", 202, null) with { Body = [.. s_good, .. "DELETE /hooks/uptime-alert HTTP/1.1\r\nHost: x\r\n\r\n"u8] };
    }

    private static string[] Authorized => ["Host: x", "Connection: close", "Authorization: Bearer {token}"];

    private static string[] Sized(params string[] headers) => [.. headers, "Connection: close", $"Content-Length: {s_good.Length}"];

    private static Delivery Post(string name, int status, string? id) => new(name, "POST /hooks/uptime-alert HTTP/1.1", Sized("Host: x", "Authorization: Bearer {token}"), s_good, status, id);

    private static byte[] Chunks(byte[] body, int size) => [.. body.Chunk(size).SelectMany(c => (byte[])[.. Encoding.ASCII.GetBytes($"{c.Length:x}\r\n"), .. c, 13, 10]), .. "0\r\n\r\n"u8];

    // Id null: refused by the HTTP server itself, which has no more to say than the status; or not refused. Status 0: the sender is gone, and is told nothing.
    private sealed record Delivery(string Name, string Line, IReadOnlyList<string> Headers, byte[] Body, int Status, string? Id)
    {
        internal bool HangsUp { get; init; }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal WebBench Bench { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Bench = await WebBench.OpenAsync(CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            // Whatever came before, a real alert still heals.
            await Bench.StillHealsAsync();
            await Bench.DisposeAsync();
        }
    }
}
