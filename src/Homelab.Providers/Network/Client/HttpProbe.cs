using System.Buffers;
using System.Net.Http;
using System.Text;

namespace Homelab.Providers.Network;

/// <summary>
/// Asks over HTTP. Each look opens a connection of its own: a kept one could still answer while the port is closed to everybody else.
/// </summary>
internal sealed class HttpProbe(TimeProvider time)
{
    private const int MostRedirects = 5;
    private const int MostRead = 1024 * 1024;

    /// <param name="address">What to ask; http or https.</param>
    /// <param name="expect">Status codes that count as up.</param>
    /// <param name="contains">A text that the first MiB of the body must hold.</param>
    /// <param name="trust">Judges the server's certificate; loaded at the time of the look, so that a renewed file works.</param>
    /// <param name="timeout">For everything together.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    internal Task<Look> AskAsync(Uri address, IReadOnlyList<string> expect, string? contains, Func<CancellationToken, Task<TlsTrust>> trust, TimeSpan timeout, CancellationToken cancellationToken) =>
        Look.TakeAsync(
            time,
            timeout,
            async token =>
            {
                if (!IsHttp(address)) return Look.Unknown("the address is neither http nor https");
                var codes = StatusCodes.Parse(expect);
                TlsVerdict? verdict = null;
                using var handler = new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    UseProxy = false,
                    AutomaticDecompression = System.Net.DecompressionMethods.All,
                    ActivityHeadersPropagator = null,
                    SslOptions = (await trust(token).ConfigureAwait(false)).ClientOptions(v => verdict = v),
                };
                using var http = new HttpMessageInvoker(handler);
                Look look;
                try
                {
                    look = await FollowAsync(http, address, codes, contains, token).ConfigureAwait(false);
                }
                catch (HttpRequestException) when (verdict is { Trusted: false })
                {
                    look = Look.Down(verdict.Reason);
                }

                return verdict?.NotAfter is { } until ? look with { DaysLeft = (int)Math.Floor((until - time.GetUtcNow()).TotalDays) } : look;
            },
            cancellationToken);

    // A redirect is an answer when its status is expected and no text is looked for; otherwise it is followed, as a browser would.
    private static async Task<Look> FollowAsync(HttpMessageInvoker http, Uri address, StatusCodes codes, string? contains, CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.ConnectionClose = true;
            request.Headers.TryAddWithoutValidation("User-Agent", "Homelab.PowerShell");
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            Look Down(string reason) => Look.Down($"HTTP {status}{reason}") with { HttpStatus = status };
            if (status is 301 or 302 or 303 or 307 or 308 && (contains is not null || !codes.Hold(status)))
            {
                if (response.Headers.Location is not { } location) return Down(" without a place to go");
                if (hop == MostRedirects) return Look.Down($"more than {MostRedirects} redirects") with { HttpStatus = status };
                var next = new Uri(address, location);
                if (!IsHttp(next)) return Down(" to an address that is neither http nor https");
                if (address.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp) return Down(" from https to http");
                address = next;
                continue;
            }

            if (!codes.Hold(status)) return Down("");
            var up = Look.Up($"HTTP {status}") with { HttpStatus = status };
            if (contains is null) return up;
            var (text, whole) = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            return text.Contains(contains, StringComparison.Ordinal)
                ? up with { Detail = $"HTTP {status}, with the expected text", BodyMatch = true }
                : Down(whole ? ", without the expected text" : ", without the expected text in the first MiB") with { BodyMatch = false };
        }
    }

    private static async Task<(string Text, bool Whole)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostRead);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = stream.ConfigureAwait(false);
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MostRead), MostRead, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return (EncodingOf(response).GetString(buffer, 0, length), length < MostRead);
        }
        catch (InvalidDataException e)
        {
            throw new IOException("The compressed body is broken.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Encoding EncodingOf(HttpResponseMessage response)
    {
        try
        {
            return response.Content.Headers.ContentType?.CharSet?.Trim('"') is { Length: > 0 } name ? Encoding.GetEncoding(name) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            // A charset that nobody knows: most of the web is UTF-8 whatever it says.
            return Encoding.UTF8;
        }
    }

    private static bool IsHttp(Uri address) => address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
