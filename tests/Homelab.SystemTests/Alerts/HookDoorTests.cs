using System.Text;
using Homelab.Lab;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Alerts;

/// <summary>How senders show the token of a hook, and what a hook of JSON takes.</summary>
public sealed class HookDoorTests
{
    private const string Body = """{"name":"nobody","state":"down"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_hook_takes_its_token_in_its_own_way_alone()
    {
        await using var bench = await OpenAsync();
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + bench.Token));
        var bearer = "Bearer " + bench.Token;
        Assert.Equal(202, await PostAsync(bench, "/hooks/bearer", bearer));
        Assert.Equal(202, await PostAsync(bench, "/hooks/basic", basic));
        Assert.Equal(202, await PostAsync(bench, $"/hooks/path/{Uri.EscapeDataString(bench.Token)}", null));
        Assert.Equal(202, await PostAsync(bench, $"/hook/path/{Uri.EscapeDataString(bench.Token)}", null));
        foreach (var (path, shown) in new[] { ("/hooks/bearer", basic), ("/hooks/basic", bearer), ("/hooks/path", bearer), ("/hooks/basic", "Basic ???"), ("/hooks/basic", "Basic " + Convert.ToBase64String("x"u8)), ("/hooks/path/wrong", bearer) })
        {
            Assert.Equal(401, await PostAsync(bench, path, shown));
        }

        // A token in a path that is not meant for it is no door at all.
        Assert.Equal(404, await PostAsync(bench, $"/hooks/bearer/{Uri.EscapeDataString(bench.Token)}", bearer));
        Assert.Equal(404, await PostAsync(bench, $"/hooks/path/{Uri.EscapeDataString(bench.Token)}/more", null));
    }

    [Fact]
    public async Task A_token_in_the_path_is_in_no_answer_and_in_nothing_that_is_told()
    {
        await using var bench = await OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/path/{Uri.EscapeDataString(bench.Token)}") { Content = new StringContent("""{"name":"x","state":"purple"}""") };
        using var answer = await bench.Http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("purple", text, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Events.All, e => e.Text.Contains(bench.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_map_with_a_mistake_keeps_the_listener_from_starting()
    {
        var e = await Assert.ThrowsAsync<ConfigurationException>(async () =>
        {
            await using var bench = await OpenAsync("body.");
        });
        Assert.Equal("hooks.bearer.map.subject", e.Problems[0].Path);
        Assert.True(e.Problems[0].Position.Line > 1);
    }

    private static Task<WebBench> OpenAsync(string subject = "body.name") => WebBench.OpenAsync(Cancellation, lab => lab.Replace(
        "hooks:\n",
        $$"""
        hooks:
          bearer: { source: json, token: "env:{{SimulatedTokens.HookVariable}}", map: { subject: "{{subject}}", status: body.state } }
          basic: { source: json, auth: basic, token: "env:{{SimulatedTokens.HookVariable}}", map: { subject: body.name, status: body.state } }
          path: { source: json, auth: path, token: "env:{{SimulatedTokens.HookVariable}}", map: { subject: body.name, status: body.state } }

        """,
        StringComparison.Ordinal));

    private static async Task<int> PostAsync(WebBench bench, string path, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await bench.Http.SendAsync(request, Cancellation);
        return (int)answer.StatusCode;
    }
}
