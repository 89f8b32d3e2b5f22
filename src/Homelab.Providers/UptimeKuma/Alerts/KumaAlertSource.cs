namespace Homelab.Providers.UptimeKuma;

/// <summary>
/// Reads what Uptime Kuma's webhook notification sends, 1.x and 2.x: JSON, form-data, a custom body that still is the JSON, and GET with the JSON in
/// the query; changes of state, resends, tests and certificate notices.
/// </summary>
/// <remarks>Uptime Kuma: <c>server/notification-providers/webhook.js</c>. Nothing is signed; the door that takes the delivery checks who sends it.</remarks>
public sealed class KumaAlertSource : IAlertSource
{
    /// <inheritdoc/>
    public string Name => KumaNames.Provider;

    /// <inheritdoc/>
    public IReadOnlyList<Alert> Read(AlertDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return [string.Equals(delivery.Method, "GET", StringComparison.OrdinalIgnoreCase) ? ReadQuery(delivery) : ReadBody(delivery)];
    }

    private static Alert ReadBody(AlertDelivery delivery)
    {
        var body = delivery.Body;
        if (MultipartForm.BoundaryOf(delivery.ContentType) is { } boundary) body = MultipartForm.Part(body, boundary, "data");
        using var json = KumaJson.Parse(body, "the body");
        return KumaAlertReader.Read(json.RootElement, delivery.ReceivedAt);
    }

    // axios writes each of the three as a parameter of its own, and leaves out what is null.
    private static Alert ReadQuery(AlertDelivery delivery)
    {
        var form = QueryForm.Read(delivery.Query);
        if (form.TryGetValue("data", out var data) && form.Count == 1)
        {
            using var whole = KumaJson.Parse(data, "query field 'data'");
            return KumaAlertReader.Read(whole.RootElement, delivery.ReceivedAt);
        }

        if (!form.TryGetValue("msg", out var message)) throw KumaJson.Unreadable("the query has no field 'msg'; expected msg, and heartbeat and monitor as JSON");
        using var heartbeat = form.TryGetValue("heartbeat", out var h) ? KumaJson.Parse(h, "query field 'heartbeat'") : null;
        using var monitor = form.TryGetValue("monitor", out var m) ? KumaJson.Parse(m, "query field 'monitor'") : null;
        return KumaAlertReader.Read(heartbeat?.RootElement ?? default, monitor?.RootElement ?? default, KumaJson.ReadText(message, "query field 'msg'"), delivery.ReceivedAt);
    }
}
