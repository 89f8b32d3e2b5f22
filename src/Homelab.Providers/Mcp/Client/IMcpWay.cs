using ModelContextProtocol.Client;

namespace Homelab.Providers.Mcp;

/// <summary>How one server is spoken with, for one talk. Disposing it ends what was begun for it, for sure.</summary>
internal interface IMcpWay : IAsyncDisposable
{
    /// <summary>Makes ready: secrets are opened, a program is started.</summary>
    /// <returns>What the protocol's client speaks through, and what was done, for people.</returns>
    Task<(IClientTransport Transport, string Detail)> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Whether it was there at all, when something failed later.</summary>
    bool Reached { get; }

    /// <summary>What failed, as far as the way knows better than who speaks; null where it does not.</summary>
    Task<HomelabException?> ExplainAsync(bool isLate);

    /// <summary>Forgets what looked wrong: all went well in spite of it.</summary>
    void Forget();

    /// <summary>Lets the farewell be heard, and no longer waited for than it may take.</summary>
    void Leave();

    /// <summary>The server's words, fit to be shown.</summary>
    ForeignWords Words { get; }
}
