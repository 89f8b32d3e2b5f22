using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>What TrueNAS says when it says no, in our words.</summary>
/// <remarks>
/// truenas/middleware: <c>api/base/server/ws_handler/rpc.py</c> (<c>error: {code, message, data: {error, errname, reason, extra}}</c>) and <c>service_exception.py</c> for the numbers beyond those of
/// the system; truenas/api_client: <c>jsonrpc.py</c> for the codes.
/// </remarks>
internal sealed class NasErrors(HttpPeer http)
{
    internal const string MethodUnknown = TrueNasNames.Prefix + "MethodUnknown";
    internal const string NotLoggedIn = TrueNasNames.Prefix + "NotLoggedIn";

    private const int NoSuchMethod = -32601;
    private const int InvalidParameters = -32602;
    private const int TooManyCalls = -32000;

    private const int NoEntry = 2;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int Busy = 16;
    private const int Exists = 17;
    private const int NotAuthenticated = 207;

    /// <summary>How long TrueNAS lets nobody log in from here after too many logins.</summary>
    internal static TimeSpan LoginHold { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The error of an answer of JSON-RPC.</summary>
    internal HomelabException OfRpc(JsonElement error, NasQuestion question)
    {
        var code = Number(error, "code");
        var data = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("data", out var d) && d.ValueKind == JsonValueKind.Object ? d : default;
        var said = Details(data) ?? Text(data, "reason") ?? Text(error, "message") ?? "it gave no reason";
        return code switch
        {
            NoSuchMethod => Say(ErrorKind.Failed, "MethodUnknown", $"knows no {question.Method}", "Its release is older or newer than what is known here."),
            TooManyCalls => Say(ErrorKind.Unavailable, "Busy", $"has too much to do: {said}", "Try again in a moment."),
            InvalidParameters => OfNumber(Number(data, "error") is Exists or NoEntry ? Number(data, "error") : null, said, question, ErrorKind.Invalid),
            _ => OfNumber(Number(data, "error"), said, question, ErrorKind.Failed),
        };
    }

    /// <summary>The error of an answer of REST: <c>{"message":…,"errno":…}</c>, or a list of what is wrong for each field.</summary>
    internal HomelabException OfRest(HttpPeerAnswer answer, NasQuestion question)
    {
        var status = (int)answer.Status;
        int? number = status == 404 ? NoEntry : null;
        var said = answer.IsJson ? answer.Said(200) : $"HTTP {status}";
        if (answer.IsJson)
        {
            try
            {
                using var json = JsonDocument.Parse(answer.Body);
                said = Text(json.RootElement, "message") ?? Fields(json.RootElement) ?? said;
                number = Number(json.RootElement, "errno") ?? number;
            }
            catch (JsonException)
            {
                // What it said stands as it is.
            }
        }

        return OfNumber(number, said, question, status == 422 ? ErrorKind.Invalid : ErrorKind.Failed);
    }

    /// <summary>An answer that is not what was asked for.</summary>
    internal HomelabException Odd(string what, Exception? inner = null) => http.Odd($"answered {what}", inner);

    private HomelabException OfNumber(int? number, string said, NasQuestion question, ErrorKind otherwise)
    {
        said = ForeignText.Clean(said, 240).TrimEnd('.');
        return number switch
        {
            NotAuthenticated => Say(ErrorKind.Denied, "NotLoggedIn", $"does not know the login any more: {said}", "Try again."),
            NotPermitted or AccessDenied => Say(ErrorKind.Denied, "RightsMissing", $"does not allow {question.Method}: {said}", "Give the API key's user a role there that allows it: Credentials, Groups, Privileges."),
            Busy when question.Method.StartsWith("auth.", StringComparison.Ordinal) => TooManyLogins(said),
            NoEntry => new HomelabException(ErrorKind.NotFound, "DatasetNotFound", $"TrueNAS has no {question.Subject ?? "such thing"}: {said}. Get-HlDataset lists what is there.", question.Subject) { WayOut = "Get-HlDataset lists what is there.", NothingHappened = true },
            Exists => TrueNasErrors.Exists(question.Subject ?? "what was to be made"),
            _ => Say(otherwise, "Refused", $"refused {question.Method}{(question.Subject is { } about ? $" of {about}" : "")}: {said}", "Look at it there: its list of jobs and its alerts say more."),
        };
    }

    private HomelabException TooManyLogins(string said)
    {
        const string WayOut = "It lets nobody log in from here for ten minutes; whatever logs in so often must stop.";
        var plain = Say(ErrorKind.Unavailable, "LoginLimit", $"had too many logins: {said}", WayOut);
        return new HomelabException(plain.Kind, plain.Id, plain.Message, plain.Target) { WayOut = WayOut, NothingHappened = true, RetryAfter = LoginHold };
    }

    // A system that says no has done nothing.
    private HomelabException Say(ErrorKind kind, string id, string what, string wayOut) => http.Problem(kind, id, what, wayOut, nothingHappened: true);

    // Of a call whose parameters are wrong: [["options.name", "must not be empty", 22]].
    private static string? Details(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("extra", out var extra) || extra.ValueKind != JsonValueKind.Array) return null;
        var parts = extra.EnumerateArray().Where(static e => e.ValueKind == JsonValueKind.Array && e.GetArrayLength() >= 2).Select(static e => $"{e[0]}: {e[1]}").ToArray();
        return parts.Length > 0 ? string.Join("; ", parts) : null;
    }

    private static string? Fields(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        var parts = root.EnumerateObject()
            .Where(static f => f.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(static f => f.Value.EnumerateArray().Where(static p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("message", out _)).Select(p => $"{f.Name}: {p.GetProperty("message")}"))
            .ToArray();
        return parts.Length > 0 ? string.Join("; ", parts) : null;
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static int? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
