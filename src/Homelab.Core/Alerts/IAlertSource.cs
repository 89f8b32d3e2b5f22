namespace Homelab;

/// <summary>Reads one system's alerts.</summary>
public interface IAlertSource
{
    /// <summary>The name that a hook's <c>source:</c> uses: <c>kuma</c>.</summary>
    string Name { get; }

    /// <summary>Reads one delivery.</summary>
    /// <exception cref="HomelabException"><c>AlertUnreadable</c> (Invalid): what is wrong with the body, where, and what was expected. Never another exception, whatever the bytes.</exception>
    IReadOnlyList<Alert> Read(AlertDelivery delivery);
}

/// <summary>A delivery as it came over HTTP.</summary>
/// <param name="Method"><c>POST</c> or <c>GET</c>.</param>
/// <param name="ContentType">The header, or empty.</param>
/// <param name="Query">The query string without the question mark, percent-encoded.</param>
/// <param name="Body">The body, at most as long as the server's limit.</param>
/// <param name="ReceivedAt">When it came, by our clock.</param>
public sealed record AlertDelivery(string Method, string ContentType, string Query, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt);
