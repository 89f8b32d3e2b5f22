using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>The one connection of a logged-in user: made when it is first needed, kept until the provider ends, and made anew when it was lost.</summary>
internal sealed class KumaLink(UptimeKumaSettings settings, HttpPeer http, ProviderContext context) : IAsyncDisposable
{
    private readonly SharedSession<KumaSession> _session = new(Opener(new KumaLogin(settings, http, context), http, context));

    internal async Task<IReadOnlyList<KumaMonitorEntry>> ReadMonitorsAsync(CancellationToken cancellationToken)
    {
        var session = await _session.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await session.ReadMonitorsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Unavailable)
        {
            // It was lost while nobody looked.
            session = await _session.OpenAsync(cancellationToken).ConfigureAwait(false);
            return await session.ReadMonitorsAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The monitor of a name, exact or but for the case of its letters, or of a number such as <c>#3</c>.</summary>
    /// <exception cref="HomelabException"><c>MonitorNotFound</c> (NotFound) with the nearest name, <c>MonitorAmbiguous</c> (Conflict) with the numbers.</exception>
    internal async Task<KumaMonitorEntry> FindAsync(string monitor, CancellationToken cancellationToken) => Find(await ReadMonitorsAsync(cancellationToken).ConfigureAwait(false), monitor);

    /// <summary>The same in a list that was read.</summary>
    internal static KumaMonitorEntry Find(IReadOnlyList<KumaMonitorEntry> all, string monitor)
    {
        var named = all.Where(m => m.Name == monitor).ToArray();
        if (named.Length == 0) named = [.. all.Where(m => string.Equals(m.Name, monitor, StringComparison.OrdinalIgnoreCase))];
        if (named.Length == 0) named = [.. all.Where(m => m.Number == monitor)];
        return named switch
        {
            [var one] => one,
            [] => throw new HomelabException(ErrorKind.NotFound, "MonitorNotFound", $"Uptime Kuma has no monitor '{monitor}'. {NearestName.Hint(monitor, [.. all.Select(static m => m.Name).Distinct(StringComparer.Ordinal)])}", monitor),
            _ => throw new HomelabException(ErrorKind.Conflict, "MonitorAmbiguous", $"Uptime Kuma has {named.Length} monitors called '{monitor}'. Give the number of one: {string.Join(", ", named.Select(static m => $"{m.Number} ({m.Type})"))}.", monitor),
        };
    }

    internal async Task<JsonElement> AskAsync(string name, string what, bool acts, IReadOnlyList<object?> arguments, CancellationToken cancellationToken)
    {
        var session = await _session.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await session.AskAsync(name, what, acts, arguments, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static Func<CancellationToken, Task<KumaSession>> Opener(KumaLogin login, HttpPeer http, ProviderContext context) => cancellationToken => KumaSession.OpenAsync(http, login, context, cancellationToken);
}
