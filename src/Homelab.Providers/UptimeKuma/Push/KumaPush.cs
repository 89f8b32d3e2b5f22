using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Says to a push monitor that we live. When that falls silent, Uptime Kuma raises the alarm that we could not.</summary>
/// <remarks><c>GET /api/push/{token}?status=&amp;msg=&amp;ping=</c>; 1.x takes no POST. A paused monitor answers like one that is not there.</remarks>
internal sealed class KumaPush(SecretReference push, HttpPeer http, ProviderContext context) : IHeartbeatSink
{
    private const string Route = "/api/push/";
    private const int LongestMessage = 250;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => KumaNames.Provider;

    /// <inheritdoc/>
    public async Task BeatAsync(string status, string message, TimeSpan? ping, CancellationToken cancellationToken)
    {
        if (status is not ("up" or "down")) throw new HomelabException(ErrorKind.Invalid, "HeartbeatInvalid", $"'{ForeignText.Clean(status, 40)}' is no status of a heartbeat. Give up or down.", KumaNames.Provider);
        using var deadline = new CancellationTokenSource(s_timeout, context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var address = Address(await context.Secrets.ResolveAsync(push, linked.Token).ConfigureAwait(false));
            var client = await http.OpenAsync(linked.Token).ConfigureAwait(false);
            var milliseconds = ping is { } measured ? string.Create(CultureInfo.InvariantCulture, $"{measured.TotalMilliseconds:0}") : "";
            using var response = await client.GetAsync(new Uri($"{address}?status={status}&msg={Uri.EscapeDataString(ForeignText.Clean(message, LongestMessage))}&ping={milliseconds}"), linked.Token).ConfigureAwait(false);
            // The address holds the token, and is not told.
            context.Trace($"GET {http.Root}{Route}*** → {(int)response.StatusCode}");
            var body = await response.Content.ReadAsStringAsync(linked.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK && IsTaken(body)) return;
            throw response.StatusCode == HttpStatusCode.NotFound
                ? http.Problem(ErrorKind.NotFound, "PushUnknown", $"has no active push monitor for the token of {push}", "Look whether the monitor is paused, and copy its push URL anew.")
                : http.Problem(ErrorKind.Failed, "AnswerOdd", $"did not take the heartbeat: HTTP {(int)response.StatusCode}", $"Is {push} the push URL of a monitor?");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw http.Problem(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(s_timeout)}", "Look whether it runs.", e);
        }
        catch (HttpRequestException e)
        {
            throw http.Unreachable(e);
        }
    }

    // As it is copied there, with an example's query behind it; or the token alone.
    private string Address(Secret secret)
    {
        var text = secret.Reveal().Trim();
        if (text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return http.Root + Route + text;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.AbsolutePath.Contains(Route, StringComparison.Ordinal)) return address.GetLeftPart(UriPartial.Path);
        throw http.Problem(ErrorKind.Invalid, "PushInvalid", $"cannot be told that we live: {push} is neither the push URL of a monitor nor its token", "Copy the push URL from the monitor.");
    }

    private static bool IsTaken(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return KumaSession.IsOk(json.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
