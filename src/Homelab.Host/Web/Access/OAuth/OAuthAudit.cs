using Homelab.Composition;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Writes down in the audit what clients were given, and what they were refused. What somebody claims whom nobody knows is not written down: that would be anybody's notebook.</summary>
internal sealed class OAuthAudit(HomelabRuntime runtime)
{
    internal const string Token = "oauth_token";
    internal const string Register = "oauth_register";
    internal const string Revoke = "oauth_revoke";

    internal Task DoneAsync(string what, string client, string result) => WriteAsync(AuditKind.Outcome, what, client, result, "");

    internal Task RefusedAsync(string what, string client, string why) => WriteAsync(AuditKind.Denied, what, client, "refused", why);

    private Task WriteAsync(AuditKind kind, string what, string client, string result, string error) => runtime.Store.AppendAuditAsync(
        new AuditEntry
        {
            Time = runtime.Time.GetUtcNow(),
            Kind = kind,
            Operation = what,
            Target = new Target("mcp-client", client).Key,
            Trigger = FaceNames.Of(Face.Mcp),
            Identity = client,
            Result = result,
            Error = error,
        },
        durable: true,
        CancellationToken.None);
}
