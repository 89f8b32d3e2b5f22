using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>The pages that a person sees. They ask for nothing and run nothing: what is decided is decided elsewhere, and every text of a client is only shown.</summary>
internal static class ConsentPage
{
    private const int LookAgainSeconds = 2;
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}code,.code{font-family:ui-monospace,monospace}.code{font-size:1.6rem;letter-spacing:.1em}dt{color:#57606a}dd{margin:0 0 .7rem;overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}dt{color:#9198a1}}";

    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Who asks, for what, and how a person answers; the page looks again by itself.</summary>
    internal static Task WaitAsync(HttpContext http, ConsentRequest request)
    {
        var asked = request.Asked;
        var name = asked.ClaimedName is { } claimed ? $"<dt>It calls itself (nobody has checked that)</dt><dd>{Encode(ForeignText.Clean(claimed, 100))}</dd>" : "";
        var level = HomelabNames.Of(asked.Level);
        return WriteAsync(http, StatusCodes.Status200OK, "A person must let this client in", $"""
            <dl>
            <dt>AI client</dt><dd><code>{Encode(asked.Client)}</code></dd>
            {name}
            <dt>The most it may do</dt><dd>{Encode(level)}{(request.Client.Scope == OperationScope.All ? "" : $", of {Encode(request.Client.Scope.ToString())}")}; the lab's policy limits it further</dd>
            <dt>You are then sent back to</dt><dd>{Encode(asked.SentTo)}</dd>
            <dt>The question shows this code</dt><dd class="code">{Encode(asked.Code)}</dd>
            </dl>
            <p>If you did not begin this yourself, close this page and deny the question.</p>
            <p>Approve it in Telegram, at a prompt with <code>Approve-HlApproval {Encode(request.Approval)}</code>, or with
            <code>homelab approvals approve {Encode(request.Approval)}</code>. No answer until {Encode(request.ExpiresAt.ToString("u", CultureInfo.InvariantCulture))} means no.
            This page never asks for a password, and goes on by itself.</p>
            """, looksAgain: true);
    }

    /// <summary>Something cannot go on, and the browser is not sent anywhere.</summary>
    internal static Task FailAsync(HttpContext http, int status, string what) => WriteAsync(http, status, "This cannot go on", $"<p>{Encode(what)}</p>", looksAgain: false);

    private static Task WriteAsync(HttpContext http, int status, string title, string body, bool looksAgain)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = s_policy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        var again = looksAgain ? $"<meta http-equiv=\"refresh\" content=\"{LookAgainSeconds}\">" : "";
        return http.Response.WriteAsync($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Homelab: {Encode(title)}</title>{again}<meta name="viewport" content="width=device-width"><style>{Style}</style></head>
            <body><h1>{Encode(title)}</h1>
            {body}
            </body></html>
            """, http.RequestAborted);
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
