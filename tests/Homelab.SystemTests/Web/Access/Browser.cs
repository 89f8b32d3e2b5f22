using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Homelab.SystemTests.Web.Access;

/// <summary>A browser with cookies, as far as the code flow needs one: it is sent from address to address, and shows pages.</summary>
internal sealed class Browser(AccessBench bench)
{
    internal const string State = "a state & more";

    private readonly CookieContainer _cookies = new();

    internal static string Verifier { get; } = new('v', 43);

    internal static string Challenge { get; } = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>What a client asks for, with one parameter changed, or left out where its value is null.</summary>
    internal Dictionary<string, string?> Wish(string client = "chat", string redirect = AccessBench.ChatBack, string? name = null, string? value = null)
    {
        var wish = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = client,
            ["redirect_uri"] = redirect,
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
            ["state"] = State,
            ["scope"] = "mcp",
            ["resource"] = bench.Mcp,
        };
        if (name is not null) wish[name] = value;
        return wish;
    }

    /// <summary>The client sends the browser to us.</summary>
    internal Task<Page> BeginAsync(Dictionary<string, string?> wish) => GoAsync(QueryHelpers.AddQueryString("/oauth/authorize", wish.Where(static p => p.Value is not null)));

    /// <summary>The client sends the browser to us, and it waits.</summary>
    /// <returns>The address of the page where it waits.</returns>
    internal async Task<string> WaitAsync(Dictionary<string, string?>? wish = null)
    {
        var page = await BeginAsync(wish ?? Wish());
        Assert.True(page is { Status: 302, Location: not null }, $"{page.Status} {page.Location}: {page.Body}");
        Assert.StartsWith("/oauth/consent?id=", page.Location, StringComparison.Ordinal);
        return page.Location;
    }

    internal async Task<Page> GoAsync(string address)
    {
        var url = new Uri(bench.Url, address);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (_cookies.GetCookieHeader(url) is { Length: > 0 } cookies) request.Headers.Add("Cookie", cookies);
        using var response = await bench.Http.SendAsync(request, TestContext.Current.CancellationToken);
        string[] set = response.Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];
        foreach (var cookie in set) _cookies.SetCookies(url, cookie);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Page((int)response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), set, headers);
    }
}

/// <summary>What a browser was answered.</summary>
internal sealed record Page(int Status, string? Location, string Body, string[] Cookies, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The answer to the client, at the address that it is at.</summary>
    internal Dictionary<string, string> Answer(string at)
    {
        Assert.True(Status == 302 && Location is not null, $"{Status}: {Body}");
        Assert.StartsWith(at, Location, StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(new Uri(Location).Query).ToDictionary(static p => p.Key, static p => Assert.Single(p.Value)!, StringComparer.Ordinal);
    }
}
