using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>A protocol by which TrueNAS is asked.</summary>
internal interface INasWay
{
    /// <summary>Asks, and gives what it answered as a value of its own.</summary>
    /// <exception cref="HomelabException">What it said, or that it said nothing.</exception>
    Task<JsonElement> AskAsync(NasQuestion question, CancellationToken cancellationToken);
}
