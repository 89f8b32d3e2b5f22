using System.Net;

namespace Homelab.Providers.TrueNas;

/// <summary>A server that answers, and has no websocket where one was asked for.</summary>
internal sealed class UpgradeRefusedException(HttpStatusCode status, Exception inner) : Exception($"it answered HTTP {(int)status} in place of a websocket", inner)
{
    /// <summary>What it answered.</summary>
    internal HttpStatusCode Status { get; } = status;

    /// <summary>True where it is the server's own word that there is none, and not that of a proxy that cannot reach it, or of a server that has too much to do.</summary>
    internal bool HasNone => (int)Status is < 500 and not (401 or 403 or 429);
}
