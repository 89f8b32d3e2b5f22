using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>Chooses the protocol: the websocket, and REST where the server says that it has none.</summary>
internal sealed class NasWay(TrueNasSettings settings, HttpPeer http, ProviderContext context) : INasWay, IAsyncDisposable
{
    // An update brings the websocket; until then it is not looked for at every question.
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(10);

    private readonly TrueNasLink _link = new(settings, http, context);
    private readonly TrueNasRest _rest = new(settings, http, context);
    private readonly Lock _lock = new();
    private long? _restSince;
    private bool _told;

    /// <summary>By which of them the last question was answered.</summary>
    internal NasProtocol Protocol { get; private set; }

    /// <inheritdoc/>
    public async Task<JsonElement> AskAsync(NasQuestion question, CancellationToken cancellationToken)
    {
        if (!IsRest())
        {
            try
            {
                var answer = await _link.AskAsync(question, cancellationToken).ConfigureAwait(false);
                Protocol = NasProtocol.JsonRpc;
                return answer;
            }
            catch (UpgradeRefusedException e)
            {
                TurnToRest(e);
            }
        }

        var told = await _rest.AskAsync(question, cancellationToken).ConfigureAwait(false);
        Protocol = NasProtocol.Rest;
        return told;
    }

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private bool IsRest()
    {
        lock (_lock)
        {
            if (_restSince is { } since && context.Time.GetElapsedTime(since) >= s_again) _restSince = null;
            return _restSince is not null;
        }
    }

    private void TurnToRest(UpgradeRefusedException e)
    {
        lock (_lock)
        {
            _restSince = context.Time.GetTimestamp();
            if (_told) return;
            _told = true;
        }

        context.Trace($"{http.Root}/api/current: {e.Message}; REST 2.0 is used, which releases from 26 on no longer have");
    }
}
