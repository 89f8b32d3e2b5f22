using Homelab.Host.Logging;

namespace Homelab.Host.Mcp.Http;

/// <summary>
/// Looks every second whether the credentials still hold by which somebody is inside. Each request is asked for its own; this is for what goes on longer than a request.
/// </summary>
internal sealed class CredentialWatch(ICredentialStore store, McpSessions sessions, Visits visits, TimeProvider time, JsonLog log)
{
    private bool _isBlind;

    /// <summary>How long a credential that was taken back may still be listening.</summary>
    internal static TimeSpan Every { get; } = TimeSpan.FromSeconds(1);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            sessions.Sweep();
            await LookAsync(cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var credential in sessions.Open.Select(static s => s.Credential).Concat(visits.Credentials).Where(static c => c.Length > 0).Distinct(StringComparer.Ordinal).ToArray())
            {
                await LookAsync(credential, cancellationToken);
            }

            _isBlind = false;
        }
        catch (HomelabException e) when (!_isBlind)
        {
            _isBlind = true;
            log.Write("credentialsUnknown", $"Whether credentials still hold cannot be looked up, so that open streams go on; new requests are not let in: {e.Message}");
        }
        catch (HomelabException)
        {
            // It was said once, and each request is turned away with the same reason.
        }
    }

    private async Task LookAsync(string credential, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await store.FindKeyAsync(credential, cancellationToken) is { } key)
        {
            if (!key.Holds(now)) EndAll(credential, key.RevokedAt is null ? $"key '{key.Name}' has expired" : $"key '{key.Name}' was taken back");
        }
        else if (await store.FindGrantAsync(credential, cancellationToken) is { } grant && !grant.Holds(now))
        {
            // A token lasts an hour and is followed by another one; the session goes on with that one, and without it nothing can be asked in it.
            if (grant.RevokedAt is null) visits.End(credential, onlyListening: true);
            else EndAll(credential, $"the token of '{grant.Client}' was taken back");
        }
    }

    private void EndAll(string credential, string why)
    {
        // The calls first: those of a session would else hear that it has ended, and come again with the same credential.
        visits.End(credential, onlyListening: false);
        foreach (var session in sessions.Open.Where(s => s.Credential == credential)) sessions.End(session, why);
    }
}
