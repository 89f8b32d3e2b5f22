using Homelab.Composition;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary><c>POST /oauth/revoke</c>: a client gives a token back, and with it all that came of the same consent. RFC 7009.</summary>
internal sealed class RevocationEndpoint(HomelabRuntime runtime, ClientLogin login, OAuthAudit audit)
{
    internal async Task AnswerAsync(HttpContext http, string origin)
    {
        var form = await OAuthForm.ReadAsync(http);
        var token = form.Need("token");
        var client = await login.LogInAsync(http, form, OAuthAudit.Revoke);
        if (await runtime.Access.Store.FindGrantAsync(CredentialSecret.HashOf(token), http.RequestAborted) is { } grant && grant.Client == client.Id)
        {
            await runtime.Access.Store.RevokeFamilyAsync(grant.Family, runtime.Time.GetUtcNow(), CancellationToken.None);
            runtime.Access.Credentials.Forget();
            await audit.DoneAsync(OAuthAudit.Revoke, client.Id, $"{HomelabNames.Of(grant.Kind)} token given back, and all that came with it");
        }

        // What is not there holds no more than what was given back: the RFC wants one answer.
        await OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, []);
    }
}
