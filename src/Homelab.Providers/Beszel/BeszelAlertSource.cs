namespace Homelab.Providers.Beszel;

/// <summary>
/// Reads what a Beszel hub sends: notifications by Shoutrrr's generic service, as JSON (<c>template=json</c>) or as plain text, and the heartbeat of
/// <c>HEARTBEAT_URL</c>. Texts are those of 0.18.8; those of earlier releases back to 0.9 differ in nothing that is read.
/// </summary>
/// <remarks>Beszel: <c>internal/alerts</c>, <c>internal/hub/heartbeat</c>.</remarks>
public sealed class BeszelAlertSource : IAlertSource
{
    internal const string Source = "beszel";

    internal static readonly AlertJson Json = new(Source, "Beszel", "a notification or a heartbeat");

    private readonly BeszelHeartbeats _heartbeats = new();

    /// <inheritdoc/>
    public string Name => Source;

    /// <inheritdoc/>
    public IReadOnlyList<Alert> Read(AlertDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        // Only a heartbeat may be a GET, and that says nothing but that the hub runs.
        if (string.Equals(delivery.Method, "GET", StringComparison.OrdinalIgnoreCase)) throw Json.Unreadable("it came by GET, which says nothing; leave HEARTBEAT_METHOD at POST");
        var body = delivery.Body.Span.TrimStart(" \t\r\n"u8);
        if (!body.StartsWith("{"u8) && !body.StartsWith("\uFEFF{"u8)) return [BeszelNotice.Read(Json.ReadText(delivery.Body), delivery.ReceivedAt)];
        using var json = Json.Parse(delivery.Body);
        var root = json.RootElement;
        if (root.TryGetProperty("systems", out _)) return _heartbeats.Read(root);
        var title = Json.Text(root, "title", "title") ?? "";
        var message = Json.Text(root, "message", "message") ?? throw Json.Unreadable("it has neither message nor systems; expected a notification or a heartbeat");
        return [BeszelNotice.Read(title.Length > 0 ? $"{title}\n\n{message}" : message, delivery.ReceivedAt)];
    }
}
