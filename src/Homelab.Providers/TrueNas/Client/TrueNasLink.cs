using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>The one connection of a logged-in key: made when it is first needed, kept until the provider ends, and made anew when it was lost, but never in a loop of logins.</summary>
internal sealed class TrueNasLink(TrueNasSettings settings, HttpPeer http, ProviderContext context) : INasWay, IAsyncDisposable
{
    private readonly SharedSession<TrueNasSession> _session = new(Opener(new TrueNasLogin(settings, http, context), http, context));

    /// <inheritdoc/>
    /// <exception cref="UpgradeRefusedException">It has no websocket there.</exception>
    public async Task<JsonElement> AskAsync(NasQuestion question, CancellationToken cancellationToken)
    {
        var session = await _session.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await session.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        // A session ends there after a while, and what it refuses for that it has not done. A connection is lost while nobody looks; what was to change something is not asked twice.
        catch (HomelabException e) when (e.Id == NasErrors.NotLoggedIn || (e.Kind == ErrorKind.Unavailable && !question.Acts && session.IsOver))
        {
            if (!session.IsOver) session.End();
            session = await _session.OpenAsync(cancellationToken).ConfigureAwait(false);
            return await session.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static Func<CancellationToken, Task<TrueNasSession>> Opener(TrueNasLogin login, HttpPeer http, ProviderContext context) => cancellationToken => TrueNasSession.OpenAsync(http, login, context, cancellationToken);
}
