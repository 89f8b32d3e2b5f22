using System.Net;
using System.Net.Http.Headers;

namespace Homelab.Providers.Cloudflare;

/// <summary>Cloudflare's API, version 4, as far as it tells of the token itself.</summary>
internal sealed class CloudflareClient : IDisposable
{
    internal const string Target = "cloudflare";

    internal const string Remedy = "Make a token that may edit the zone's DNS (My Profile, API Tokens), and give it to the reverse proxy and to the lab file.";

    private const int MaxAnswer = 64 * 1024;
    private static readonly Uri s_cloudflare = new("https://api.cloudflare.com/client/v4");
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly CloudflareSettings _settings;
    private readonly ProviderContext _context;
    private readonly Uri _verify;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        MaxResponseContentBufferSize = MaxAnswer,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    internal CloudflareClient(CloudflareSettings settings, ProviderContext context)
    {
        _settings = settings;
        _context = context;
        // A user and password in the address would be shown with it; the token is given apart.
        _verify = new Uri((settings.Url ?? s_cloudflare).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/user/tokens/verify");
    }

    /// <summary>What Cloudflare says of the token. That it is refused is a finding; only what leaves it unknown is an error.</summary>
    /// <remarks><c>GET /user/tokens/verify</c></remarks>
    internal async Task<CloudflareToken> VerifyAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var token = (await _context.Secrets.ResolveAsync(_settings.Token, linked.Token).ConfigureAwait(false)).Reveal().Trim();
            if (token.Length == 0 || !token.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return Refused("it does not have the form of a token");
            using var request = new HttpRequestMessage(HttpMethod.Get, _verify);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, linked.Token).ConfigureAwait(false);
            _context.Trace($"GET {_verify} → {(int)response.StatusCode}");
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false);
            return Understand(response.StatusCode, TokenAnswer.Read(body));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "CloudflareNoAnswer", $"did not answer within {Duration.Format(s_timeout)}", "Look whether this machine reaches the internet.", e);
        }
        catch (HttpRequestException e)
        {
            throw Problem(ErrorKind.Unavailable, "CloudflareUnreachable", $"cannot be reached: {ForeignText.Clean(e.Message, 200)}", "Look whether this machine reaches the internet and resolves names.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private CloudflareToken Understand(HttpStatusCode status, TokenAnswer? answer) => (status, answer) switch
    {
        (HttpStatusCode.OK, { Success: true, Token: { } token }) => token,
        // 400: what is sent is no token; 401 and 403: no such token.
        (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, { Success: false }) => Refused(answer.Said),
        (HttpStatusCode.TooManyRequests, _) => throw Problem(ErrorKind.Unavailable, "CloudflareBusy", "was asked too often", "Wait five minutes; it takes 1200 requests in that time."),
        ( >= HttpStatusCode.InternalServerError, _) => throw Problem(ErrorKind.Unavailable, "CloudflareUnreachable", $"answered HTTP {(int)status}", "Its own trouble; see www.cloudflarestatus.com."),
        _ => throw Problem(ErrorKind.Failed, "CloudflareAnswerOdd", $"answered HTTP {(int)status} with something that cannot be read", "Is providers.cloudflare.url its address?"),
    };

    private static CloudflareToken Refused(string why) => new() { Valid = false, Status = CloudflareTokenStatus.Refused, Reason = why };

    private HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) =>
        new(kind, id, $"Cloudflare at {_verify.GetLeftPart(UriPartial.Authority)} {what}. {wayOut}", Target, inner) { WayOut = wayOut };
}
