using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>The one connection of a logged-in key: made when it is first needed, kept until the provider ends, and made anew when it was lost, but never in a loop of logins.</summary>
internal sealed class TrueNasLink(TrueNasSettings settings, HttpPeer http, ProviderContext context) : INasWay, IAsyncDisposable
{
    private readonly TrueNasLogin _login = new(settings, http, context);
    private readonly SemaphoreSlim _opening = new(1);
    private TrueNasSession? _session;
    private bool _ended;

    /// <inheritdoc/>
    /// <exception cref="UpgradeRefusedException">It has no websocket there.</exception>
    public async Task<JsonElement> AskAsync(NasQuestion question, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await session.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        // A session ends there after a while, and what it refuses for that it has not done. A connection is lost while nobody looks; what was to change something is not asked twice.
        catch (HomelabException e) when (e.Id == NasErrors.NotLoggedIn || (e.Kind == ErrorKind.Unavailable && !question.Acts && session.IsOver))
        {
            if (!session.IsOver) session.End();
            session = await OpenAsync(cancellationToken).ConfigureAwait(false);
            return await session.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _ended = true;
        if (_session is { } session) await session.DisposeAsync().ConfigureAwait(false);
        _session = null;
        _opening.Release();
    }

    private async Task<TrueNasSession> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            if (_session is { IsOver: false } alive) return alive;
            if (_session is { } lost) await lost.DisposeAsync().ConfigureAwait(false);
            _session = null;
            return _session = await TrueNasSession.OpenAsync(http, _login, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }
}
