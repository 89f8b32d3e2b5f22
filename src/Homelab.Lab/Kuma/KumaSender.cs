using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Kuma;

/// <summary>Sends webhooks as Kuma's axios does. A delivery that fails is written down and forgotten, as there.</summary>
/// <remarks>Uptime Kuma: <c>server/notification-providers/webhook.js</c>.</remarks>
internal sealed class KumaSender(KumaRelease release) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    internal async Task<KumaDelivery> SendAsync(KumaHook hook, JsonObject body, CancellationToken cancellationToken)
    {
        var json = KumaBodies.Stringify(body);
        using var request = Request(hook, body, json);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/plain, */*");
        request.Headers.TryAddWithoutValidation("User-Agent", release == KumaRelease.One ? "axios/0.30.2" : "Uptime-Kuma/2.5.3");
        if (hook.Bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", hook.Bearer);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return new KumaDelivery(json, (int)response.StatusCode, null);
        }
        catch (HttpRequestException e)
        {
            return new KumaDelivery(json, null, e.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new KumaDelivery(json, null, "timeout exceeded");
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(KumaHook hook, JsonObject body, string json) => hook.Form switch
    {
        KumaBodyForm.FormData => new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = FormData(json) },
        KumaBodyForm.Custom => new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = Bytes(json, "application/x-www-form-urlencoded") },
        KumaBodyForm.Query => new HttpRequestMessage(HttpMethod.Get, WithQuery(hook.Url, body)),
        _ => new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = Bytes(json, "application/json") },
    };

    private static ByteArrayContent FormData(string json)
    {
        var boundary = "--------------------------" + Random.Shared.NextInt64(100_000_000_000, 999_999_999_999) + Random.Shared.NextInt64(100_000_000_000, 999_999_999_999);
        return Bytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{json}\r\n--{boundary}--\r\n", $"multipart/form-data; boundary={boundary}");
    }

    private static ByteArrayContent Bytes(string text, string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static Uri WithQuery(Uri url, JsonObject body)
    {
        var query = "msg=" + Encode((string)body["msg"]!);
        if (body["heartbeat"] is { } heartbeat) query += "&heartbeat=" + Encode(KumaBodies.Stringify(heartbeat));
        if (body["monitor"] is { } monitor) query += "&monitor=" + Encode(KumaBodies.Stringify(monitor));
        return new UriBuilder(url) { Query = query }.Uri;
    }

    // encodeURIComponent, with axios's exceptions for the eye.
    private static string Encode(string text) => new StringBuilder(Uri.EscapeDataString(text)).Replace("%3A", ":").Replace("%24", "$").Replace("%2C", ",").Replace("%20", "+").ToString();
}
