using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Who logs in, and the token of the last login, which opens the next connection.</summary>
internal sealed class KumaLogin(UptimeKumaSettings settings, HttpPeer http, ProviderContext context)
{
    private string? _token;

    internal async Task EnterAsync(KumaSession session, CancellationToken cancellationToken)
    {
        if (_token is { } token)
        {
            var again = await session.TryAskAsync("loginByToken", "a login", acts: false, [token], cancellationToken).ConfigureAwait(false);
            if (KumaSession.IsOk(again)) return;
            // The password was changed since, or the user.
            _token = null;
        }

        var password = await context.Secrets.ResolveAsync(settings.Password!, cancellationToken).ConfigureAwait(false);
        var code = settings.Token is { } reference ? Code(await context.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false)) : "";
        var answer = await session.TryAskAsync("login", "a login", acts: false, [new { username = settings.User, password = password.Reveal(), token = code }], cancellationToken).ConfigureAwait(false);
        if (!KumaSession.IsOk(answer)) throw session.IsNew ? http.Problem(ErrorKind.Unavailable, "NotSetUp", "has no user yet", "Open it in a browser and make one.") : Refused(answer);
        if (answer.TryGetProperty("token", out var given) && given.ValueKind == JsonValueKind.String) _token = given.GetString();
    }

    // Six digits as they are; else the key that makes them.
    private string Code(Secret secret) =>
        Totp.TryReadKey(secret.Reveal(), out var key)
            ? Totp.Code(key, Totp.StepAt(context.Time.GetUtcNow()))
            : throw http.Problem(ErrorKind.Invalid, "TokenInvalid", $"cannot be logged in to: {settings.Token} is no key of a second factor", "It is the text in base32 that is shown once when the second factor is set up.");

    private HomelabException Refused(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("tokenRequired", out var needed) && needed.ValueKind == JsonValueKind.True)
        {
            return http.Problem(ErrorKind.Denied, "TokenNeeded", $"wants a second factor of user '{settings.User}'", "Give providers.kuma.token the key that its authenticator was set up with.");
        }

        return KumaSession.Reason(answer) switch
        {
            "authIncorrectCreds" or "Incorrect username or password" => http.Problem(ErrorKind.Denied, "LoginRefused", $"refused the login of user '{settings.User}' ({settings.Password})", "Set providers.kuma.user and password to those you log in with in the browser; an API key is not accepted there."),
            "authInvalidToken" or "Invalid Token!" => http.Problem(ErrorKind.Denied, "LoginRefused", $"refused the second factor of user '{settings.User}' ({settings.Token})", "A code holds once, for half a minute; look at the clocks, or wait for the next."),
            var reason => http.Problem(ErrorKind.Denied, "LoginRefused", $"refused the login of user '{settings.User}': {reason}", "It says no to everybody after 20 logins in a minute."),
        };
    }
}
