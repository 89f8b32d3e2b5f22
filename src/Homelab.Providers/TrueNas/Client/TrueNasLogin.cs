using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Providers.TrueNas;

/// <summary>Logs in by an API key.</summary>
/// <remarks>truenas/middleware: <c>api/v25_10_0/auth.py</c>, <c>AuthLoginExArgs</c> and <c>AuthResp…</c>.</remarks>
internal sealed class TrueNasLogin(TrueNasSettings settings, HttpPeer http, ProviderContext context)
{
    // A key that is put right is taken soon after; until then nobody is asked.
    private static readonly TimeSpan s_refusal = TimeSpan.FromSeconds(30);

    private readonly NasErrors _errors = new(http);
    private readonly NasKey _key = new(settings, http, context);
    private readonly LoginTurns _turns = new(context.Time);

    internal NasErrors Errors => _errors;

    /// <summary>Looks whether a login would be made: what was refused a moment ago is not tried again, and what is no key goes nowhere.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        _turns.Look();
        await _key.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    internal async Task EnterAsync(TrueNasSession session, CancellationToken cancellationToken)
    {
        var key = await _key.ReadAsync(cancellationToken).ConfigureAwait(false);
        _turns.Take();
        try
        {
            if (settings.User is null || !await TryEnterAsync(session, settings.User, key, cancellationToken).ConfigureAwait(false)) await EnterWithoutUserAsync(session, key, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied || e.RetryAfter is not null)
        {
            _turns.Refuse(e, e.RetryAfter ?? s_refusal);
            throw;
        }
    }

    // False where its release does not know the method.
    private async Task<bool> TryEnterAsync(TrueNasSession session, string user, string key, CancellationToken cancellationToken)
    {
        var login = new JsonObject { ["mechanism"] = "API_KEY_PLAIN", ["username"] = user, ["api_key"] = key, ["login_options"] = new JsonObject { ["user_info"] = false } };
        JsonElement answer;
        try
        {
            answer = await session.AskAsync(new NasQuestion("auth.login_ex", [login], ""), cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == NasErrors.MethodUnknown)
        {
            return false;
        }

        var said = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("response_type", out var type) ? type.ToString() : "";
        return said == "SUCCESS" ? true : throw Refused(said, user);
    }

    private async Task EnterWithoutUserAsync(TrueNasSession session, string key, CancellationToken cancellationToken)
    {
        var answer = await session.AskAsync(new NasQuestion("auth.login_with_api_key", [key], ""), cancellationToken).ConfigureAwait(false);
        if (answer.ValueKind != JsonValueKind.True) throw Refused("AUTH_ERR", settings.User);
    }

    private HomelabException Refused(string said, string? user)
    {
        var whose = user is null ? "" : $" of user '{user}'";
        var (id, what, wayOut) = said switch
        {
            "AUTH_ERR" => ("LoginRefused", $"refused the API key{whose} ({settings.ApiKey})", "Look there whether the key is that user's and not revoked: Credentials, Users, API Keys. A key that was ever sent without TLS is revoked by TrueNAS itself."),
            "OTP_REQUIRED" => ("TokenNeeded", $"wants a second factor{whose}", "Make a user of its own for this program that needs none, with the role that it needs, and an API key of that user."),
            "EXPIRED" => ("KeyExpired", $"says that the API key{whose} ({settings.ApiKey}), or the user's password, has expired", "Make another key there: Credentials, Users, API Keys."),
            "DENIED" => ("LoginDenied", $"knows the API key{whose} and does not let it in", "Give the user a role that may use the API: Credentials, Groups, Privileges; and look whether its account is locked."),
            "REDIRECT" => ("LoginElsewhere", $"wants the login{whose} at its other node", "Set providers.truenas.url to the address that both nodes share."),
            _ => ("LoginRefused", $"refused the API key{whose}, and said '{ForeignText.Clean(said, 40)}'", "Its release wants another way to log in than is known here."),
        };
        return http.Problem(ErrorKind.Denied, id, what, wayOut, nothingHappened: true);
    }
}
