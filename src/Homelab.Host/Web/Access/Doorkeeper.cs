using System.Globalization;
using Homelab.Composition;

namespace Homelab.Host.Web.Access;

/// <summary>Lets in whoever shows a credential that holds, at the REST door and at the MCP door, and answers everybody else.</summary>
internal sealed class Doorkeeper(HomelabRuntime runtime, McpAddress address) : IAsyncDisposable
{
    private static readonly object s_asked = new();

    private readonly Recognition _recognition = new(runtime, address);
    private readonly CallRates _rates = new();
    private readonly OpenCalls _open = new(runtime);
    // Whoever guesses at one door does not shut others out of the other, who may come from the same address.
    private readonly TokenGuesses _restGuesses = new(runtime.Time);
    private readonly TokenGuesses _mcpGuesses = new(runtime.Time);

    /// <summary>How many MCP calls are open.</summary>
    internal int Open => _open.Count;

    /// <summary>True when somebody was asked at a door who he is.</summary>
    internal static bool WasAsked(HttpContext http) => http.Items.ContainsKey(s_asked);

    /// <summary>Who asks; null when he was turned away, and has been told so.</summary>
    internal async Task<Caller?> LetInAsync(HttpContext http, Face face)
    {
        var shown = http.Request.Headers.Authorization;
        if (face == Face.Rest && _recognition.KnowsNoRestClient && !Recognition.LooksLikeKey(shown))
        {
            const string WayOut = "No client may use this yet. Make a key with New-HlApiKey, or add to the lab file: rest: { dashboard: { token: \"env:HOMELAB_DASHBOARD_TOKEN\", level: operate } }, and start the program anew.";
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "RestNotConfigured", WayOut);
            return null;
        }

        http.Items[s_asked] = true;
        if (ShutOutFor(http, face) is { } seconds)
        {
            await Problem.WriteAsync(http, StatusCodes.Status429TooManyRequests, "TokenGuessed", $"{TokenGuesses.Most} wrong tokens came from this address within a minute. It is listened to again in {seconds} seconds.");
            return null;
        }

        switch (shown.Count == 0 ? null : await _recognition.LookAsync(http, face, shown))
        {
            case Visitor.Known known:
                return await CountAsync(http, known) ? Enter(http, face, known) : null;
            case Visitor.Over over:
                if (!over.IsUsual) await NoteAsync(face, over.Name, over.Reason);
                await RefuseAsync(http, face, "invalid_token", over.Reason);
                return null;
            case Visitor.Unclear:
                NoteGuess(http, face);
                // It may well have been the right one. Where ours is kept is not for a stranger to know.
                await Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "ClientTokenMissing", "A client's own token cannot be opened, so that it cannot be let in. 'homelab check' says which and why.");
                return null;
            case Visitor.Stranger:
                NoteGuess(http, face);
                await RefuseAsync(http, face, "invalid_token", "The bearer token is missing or wrong.");
                return null;
            default:
                await RefuseAsync(http, face, error: null, "The bearer token is missing or wrong.");
                return null;
        }
    }

    /// <summary>Who shows this with a request that no door takes; null for a stranger. He is told nothing by it, and guesses are counted as at the door.</summary>
    internal async Task<Caller?> RecogniseAsync(HttpContext http, Face face)
    {
        var shown = http.Request.Headers.Authorization;
        var couldBe = Recognition.LooksLikeOurs(shown) || (face == Face.Rest && shown.Count > 0 && !_recognition.KnowsNoRestClient);
        if (!couldBe || GuessesOf(face).ShutOutFor(http.Connection.RemoteIpAddress) is not null) return null;
        switch (await _recognition.LookAsync(http, face, shown))
        {
            case Visitor.Known known:
                return known.Caller;
            case Visitor.Over { IsUsual: false } over:
                await NoteAsync(face, over.Name, over.Reason);
                return null;
            case Visitor.Stranger or Visitor.Unclear:
                NoteGuess(http, face);
                return null;
            default:
                return null;
        }
    }

    /// <summary>For how many seconds an address is still shut out, as the answer's header then says too; null when it is not.</summary>
    internal int? ShutOutFor(HttpContext http, Face face)
    {
        if (GuessesOf(face).ShutOutFor(http.Connection.RemoteIpAddress) is not { } left) return null;
        return SetRetryAfter(http, left);
    }

    /// <summary>Counts a wrong credential.</summary>
    internal void NoteGuess(HttpContext http, Face face)
    {
        var from = http.Connection.RemoteIpAddress;
        if (GuessesOf(face).Note(from)) runtime.Healing.ReportTrouble($"{TokenGuesses.Most} wrong {FaceNames.Of(face).ToUpperInvariant()} tokens came from {from} within a minute; it is not listened to for {Duration.Format(TokenGuesses.Span)}");
    }

    /// <summary>Counts what everybody together may do so many times in a minute.</summary>
    /// <returns>Null when it may be done; else for how many seconds not, as the answer's header then says too.</returns>
    internal int? Count(HttpContext http, string what, int perMinute) => _rates.Take(what, perMinute) is { } wait ? SetRetryAfter(http, wait) : null;

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await _rates.DisposeAsync();
    }

    private TokenGuesses GuessesOf(Face face) => face == Face.Mcp ? _mcpGuesses : _restGuesses;

    private async Task<bool> CountAsync(HttpContext http, Visitor.Known known)
    {
        if (Count(http, known.Credential, known.PerMinute) is not { } seconds) return true;
        var reason = $"{known.Caller.Identity} may call {known.PerMinute} times in a minute, and has.";
        await NoteAsync(known.Caller.Face, known.Caller.Identity, reason);
        await Problem.WriteAsync(http, StatusCodes.Status429TooManyRequests, "RateExceeded", $"{reason} Wait {seconds} seconds.");
        return false;
    }

    // Once a minute is enough to be found by: a program that was forgotten somewhere shows the same for years, every second.
    private async Task NoteAsync(Face face, string name, string reason)
    {
        if (_rates.Take($"over {face} {name}", perMinute: 1) is not null) return;
        var entry = new AuditEntry { Time = runtime.Time.GetUtcNow(), Kind = AuditKind.Denied, Operation = $"{FaceNames.Of(face)}_login", Target = Target.Lab.Key, Trigger = FaceNames.Of(face), Identity = name, Decision = "deny: " + reason };
        await runtime.Store.AppendAuditAsync(entry, durable: false, CancellationToken.None);
    }

    private Caller Enter(HttpContext http, Face face, Visitor.Known known)
    {
        if (face == Face.Mcp && known.Holds is { } holds) _open.Add(http, holds);
        return known.Caller;
    }

    private async Task RefuseAsync(HttpContext http, Face face, string? error, string reason)
    {
        http.Response.Headers.WWWAuthenticate = face == Face.Mcp && address.OriginOf(http) is { } origin ? Challenge(origin, error, reason) : "Bearer";
        await Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "TokenRefused", reason);
    }

    // RFC 9728 and RFC 6750: whoever showed nothing hears of no error.
    private static string Challenge(string origin, string? error, string reason)
    {
        var why = error is null ? "" : $"error=\"{error}\", error_description=\"{reason}\", ";
        return $"Bearer {why}scope=\"{OAuth.OAuthMetadata.Scope}\", resource_metadata=\"{origin}{OAuth.OAuthMetadata.ResourcePath}{McpAddress.Path}\"";
    }

    private static int SetRetryAfter(HttpContext http, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds;
    }
}
