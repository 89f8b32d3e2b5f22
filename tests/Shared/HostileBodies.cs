using System.Text;

namespace Homelab.Tests;

/// <summary>A delivery to a Kuma webhook that no Kuma would send.</summary>
/// <param name="Name">What is wrong with it; unique.</param>
/// <param name="Body">The body.</param>
public sealed record HostileBody(string Name, byte[] Body)
{
    public string Method { get; init; } = "POST";

    public string ContentType { get; init; } = "application/json";

    /// <summary>Percent-encoded, without the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>False for those whose header or query an HTTP client would not send.</summary>
    public bool CanBeSent => ContentType.All(static c => c is >= ' ' and <= '~') && Query.All(static c => c is > ' ' and <= '~') && ContentType.Length < 4096;

    public override string ToString() => Name;
}

/// <summary>Deliveries that must be refused with a reason or be read as what they say, and never do anything else.</summary>
public static class HostileBodies
{
    private const string Form = "multipart/form-data; boundary=XyZ";

    private static readonly string[] s_wrongValues =
    [
        "null", "true", "0", "-1", "7", "1.5", "1e400", "99999999999999999999", "\"\"", "\"0\"", "\"\\u0000\\u001b[2J\"", "\"\\ud800\"", "[]", "{}", "[[[[]]]]", "{\"a\":{\"b\":1}}",
    ];

    private static readonly string[] s_fields =
    [
        "heartbeat", "monitor", "msg", "heartbeat.monitorID", "heartbeat.status", "heartbeat.time", "heartbeat.msg", "heartbeat.important", "monitor.id", "monitor.name", "monitor.url",
        "monitor.hostname", "monitor.port",
    ];

    /// <summary>Every one of them; names are unique.</summary>
    public static IReadOnlyList<HostileBody> All { get; } = [.. WrongTypes(), .. Truncated(), .. Shapes(), .. Texts(), .. Forms(), .. Queries()];

    /// <summary>A body as Kuma sends it, with one field's value replaced by the given JSON.</summary>
    public static string With(string field, string json)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["heartbeat.monitorID"] = "1",
            ["heartbeat.status"] = "0",
            ["heartbeat.time"] = "\"2026-11-20 23:40:34.287\"",
            ["heartbeat.msg"] = "\"Request failed with status code 503\"",
            ["heartbeat.important"] = "true",
            ["monitor.id"] = "1",
            ["monitor.name"] = "\"gitea\"",
            ["monitor.url"] = "\"http://127.0.0.1:3000/\"",
            ["monitor.hostname"] = "null",
            ["monitor.port"] = "null",
            ["msg"] = "\"[gitea] [🔴 Down] Request failed with status code 503\"",
        };
        if (field.Length > 0) values[field] = json;
        if (!values.TryGetValue("heartbeat", out var heartbeat)) heartbeat = Part("heartbeat");
        if (!values.TryGetValue("monitor", out var monitor)) monitor = Part("monitor");
        return $"{{\"heartbeat\":{heartbeat},\"monitor\":{monitor},\"msg\":{values["msg"]}}}";

        string Part(string name) =>
            "{" + string.Join(',', values.Where(v => v.Key.StartsWith(name + ".", StringComparison.Ordinal)).Select(v => $"\"{v.Key[(name.Length + 1)..]}\":{v.Value}")) + "}";
    }

    private static IEnumerable<HostileBody> WrongTypes() =>
        from field in s_fields
        from value in s_wrongValues
        select new HostileBody($"{field} is {value}", Utf8(With(field, value)));

    private static IEnumerable<HostileBody> Truncated()
    {
        var whole = Utf8(With("", ""));
        for (var length = 0; length < whole.Length; length += 7) yield return new HostileBody($"cut after {length} bytes", whole[..length]);
    }

    private static IEnumerable<HostileBody> Shapes()
    {
        yield return new("a list of alerts", Utf8($"[{With("", "")}]"));
        yield return new("two alerts in a row", Utf8(With("", "") + With("", "")));
        yield return new("a comma too many", Utf8(With("", "").Replace("}}", ",}}", StringComparison.Ordinal)));
        yield return new("comments", Utf8("/* hello */" + With("", "")));
        yield return new("single quotes", Utf8(With("", "").Replace('"', '\'')));
        yield return new("nothing but a number", Utf8("42"));
        yield return new("nothing but null", Utf8("null"));
        yield return new("an empty object", Utf8("{}"));
        yield return new("another system's alert", Utf8("{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[]}"));
        yield return new("a page", Utf8("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"));
        yield return new("depth 10000, lists", Utf8(With("monitor", new string('[', 10_000) + new string(']', 10_000))));
        yield return new("depth 10000, objects", Utf8(With("monitor", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000))));
        yield return new("depth 10000, never closed", Utf8(new string('[', 10_000)));
        yield return new("heartbeat twice", Utf8(With("", "").Replace("{\"heartbeat\"", "{\"heartbeat\":null,\"heartbeat\"", StringComparison.Ordinal)));
        yield return new("status twice", Utf8(With("heartbeat.status", "1,\"status\":0")));
        yield return new("status twice, once escaped", Utf8(With("heartbeat.status", "1,\"\\u0073tatus\":0")));
        yield return new("name twice", Utf8(With("monitor.name", "\"gitea\",\"name\":\"postgres\"")));
        yield return new("a name that is half a character", Utf8(With("monitor.name", "\"gitea\",\"\\ud800\":1,\"\\udfff\":2")));
        yield return new("the name in another case too", Utf8(With("monitor.name", "\"gitea\",\"Name\":\"postgres\"")));
        yield return new("an id that is another monitor's", Utf8(With("monitor.id", "2")));
        yield return new("a prototype", Utf8(With("monitor.name", "\"gitea\",\"__proto__\":{\"admin\":true}")));
        yield return new("10000 fields", Utf8(With("monitor.name", "\"gitea\"," + string.Join(',', Enumerable.Range(0, 10_000).Select(static n => $"\"f{n}\":{n}")))));
        yield return new("a monitor without heartbeat", Utf8(With("heartbeat", "null")));
        yield return new("a heartbeat without monitor", Utf8(With("monitor", "null")));
        yield return new("a notice without text", Utf8("{\"heartbeat\":null,\"monitor\":null}"));
        yield return new("a notice about something else", Utf8("{\"heartbeat\":null,\"monitor\":null,\"msg\":\"Domain name example.org will expire in 4 days\"}"));
        yield return new("a certificate of no monitor", Utf8("{\"heartbeat\":null,\"monitor\":null,\"msg\":\"server certificate x will expire in 4 days\"}"));
        yield return new("a certificate that expires in very many days", Utf8("{\"heartbeat\":null,\"monitor\":null,\"msg\":\"[a][https://a/] server certificate x will expire in 99999999999999999999 days\"}"));
        yield return new("a certificate with brackets in its name", Utf8("{\"heartbeat\":null,\"monitor\":null,\"msg\":\"[a][https://a/] server certificate ][https://b/] certificate c will expire in 4 days\"}"));
        yield return new("a certificate that takes long to match", Utf8("{\"heartbeat\":null,\"monitor\":null,\"msg\":\"" + new string('[', 2000) + string.Concat(Enumerable.Repeat("][a://] certificate ", 100)) + "\"}"));
    }

    private static IEnumerable<HostileBody> Texts()
    {
        yield return new("empty", []);
        yield return new("blanks", Utf8(" \r\n\t "));
        yield return new("a byte order mark alone", [0xEF, 0xBB, 0xBF]);
        yield return new("two byte order marks", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Utf8(With("", ""))]);
        yield return new("UTF-16", Encoding.Unicode.GetBytes(With("", "")));
        yield return new("UTF-16, big end first, with its mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(With("", ""))]);
        yield return new("UTF-32", Encoding.UTF32.GetBytes(With("", "")));
        yield return new("Latin-1", Encoding.Latin1.GetBytes(With("monitor.name", "\"gitéa\"")));
        yield return new("NUL bytes alone", new byte[512]);
        yield return new("a NUL byte in front", [0, .. Utf8(With("", ""))]);
        yield return new("a NUL byte behind", [.. Utf8(With("", "")), 0]);
        yield return new("a raw control character in a text", Utf8(With("monitor.name", "\"git\u0001ea\"")));
        foreach (var (name, bytes) in new (string, byte[])[]
        {
            ("a lone continuation", [0x80]), ("an overlong slash", [0xC0, 0xAF]), ("an encoded surrogate", [0xED, 0xA0, 0x80]), ("a code point too high", [0xF4, 0x90, 0x80, 0x80]), ("half a character", [0xF0, 0x9F, 0x94]), ("0xFF", [0xFF]),
        })
        {
            var body = Utf8(With("monitor.name", "\"gitea#\""));
            var at = Array.IndexOf(body, (byte)'#');
            yield return new($"broken UTF-8: {name}", [.. body[..at], .. bytes, .. body[(at + 1)..]]);
        }

        yield return new("a name of 200 kB", Utf8(With("monitor.name", $"\"{new string('a', 200_000)}\"")));
        yield return new("a message of 200 kB", Utf8(With("heartbeat.msg", $"\"{new string('a', 200_000)}\"")));
        yield return new("a notice of 200 kB", Utf8($"{{\"heartbeat\":null,\"monitor\":null,\"msg\":\"{new string('[', 100_000)}{new string(']', 100_000)} Testing\"}}"));
        yield return new("a number of 100000 digits", Utf8(With("heartbeat.status", new string('9', 100_000))));
        yield return new("an id of 100000 digits", Utf8(With("monitor.id", new string('1', 100_000))));
        yield return new("a name written backwards", Utf8(With("monitor.name", "\"\u202Eaetig\"")));
        yield return new("a name with a blank that has no width", Utf8(With("monitor.name", "\"gi\u200Btea\"")));
        yield return new("a name with a line break", Utf8(With("monitor.name", "\"gitea\\npostgres\"")));
        yield return new("a name of blanks", Utf8(With("monitor.name", "\"   \"")));
        yield return new("a time in another form", Utf8(With("heartbeat.time", "\"2026-11-20T23:40:34Z\"")));
        yield return new("a time that never was", Utf8(With("heartbeat.time", "\"2026-02-30 25:61:61.000\"")));
        yield return new("a time in the year 0", Utf8(With("heartbeat.time", "\"0000-00-00 00:00:00.000\"")));
        yield return new("a time in other digits", Utf8(With("heartbeat.time", "\"٢٠٢٦-11-20 23:40:34.287\"")));
        yield return new("commands in the message", Utf8(With("heartbeat.msg", "\"$(reboot) `reboot` {{ 7 * 7 }} ; rm -rf / \\u001b]0;owned\\u0007\"")));
        yield return new("an address with a password", Utf8(With("monitor.url", "\"https://root:hunter2@10.0.0.5/\"")));
    }

    private static IEnumerable<HostileBody> Forms()
    {
        var json = With("", "");
        const string Head = "--XyZ\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n";
        yield return OfForm("a form without boundary", Head + json + "\r\n--XyZ--\r\n", "multipart/form-data");
        yield return OfForm("a form with an empty boundary", Head + json + "\r\n--XyZ--\r\n", "multipart/form-data; boundary=\"\"");
        yield return OfForm("a form with another boundary", Head + json + "\r\n--XyZ--\r\n", "multipart/form-data; boundary=Other");
        yield return OfForm("a form with a boundary of 10000", Head + json + "\r\n--XyZ--\r\n", "multipart/form-data; boundary=" + new string('x', 10_000));
        yield return OfForm("a form's type that cannot be read", Head + json + "\r\n--XyZ--\r\n", "multipart/form-data; boundary=\"");
        yield return OfForm("a form without parts", "--XyZ--\r\n");
        yield return OfForm("a form that is empty", "");
        yield return OfForm("a form that is a boundary alone", "--XyZ");
        yield return OfForm("a form that never ends", Head + json);
        yield return OfForm("a form that ends in its boundary", Head + json + "\r\n--Xy");
        yield return OfForm("a form that ends before the dashes", Head + json + "\r\n--XyZ");
        yield return OfForm("a form whose headers never end", "--XyZ\r\nContent-Disposition: form-data; name=\"data\"");
        yield return OfForm("a form whose headers are 100 kB", "--XyZ\r\nX: " + new string('x', 100_000) + "\r\n\r\n" + json + "\r\n--XyZ--\r\n");
        yield return OfForm("a form with another part", Head.Replace("data\"", "other\"", StringComparison.Ordinal) + json + "\r\n--XyZ--\r\n");
        yield return OfForm("a form whose part has no name", "--XyZ\r\nContent-Disposition: form-data\r\n\r\n" + json + "\r\n--XyZ--\r\n");
        yield return OfForm("a form whose part has no headers", "--XyZ\r\n\r\n" + json + "\r\n--XyZ--\r\n");
        yield return OfForm("a form with two parts of the name", Head + json + "\r\n" + Head + json + "\r\n--XyZ--\r\n");
        yield return OfForm("a form with an empty part", Head + "\r\n--XyZ--\r\n");
        yield return OfForm("a form with no room for its part", Head + "--XyZ--\r\n");
        yield return OfForm("a form with bare line feeds", (Head + json + "\r\n--XyZ--\r\n").Replace("\r", "", StringComparison.Ordinal));
        yield return OfForm("a form with junk after a boundary", "--XyZjunk\r\n\r\n" + json + "\r\n--XyZ--\r\n");
        yield return OfForm("a form that is JSON", json);
        yield return OfForm("a form whose part is no JSON", Head + "hello\r\n--XyZ--\r\n");
        yield return new("JSON that is a form", Utf8(Head + json + "\r\n--XyZ--\r\n"));
        yield return new("a content type of nonsense", Utf8(json[..50])) { ContentType = ";;;===\0" };
        yield return new("no content type", Utf8(json[..50])) { ContentType = "" };
        yield return new("a form of the other kind", Utf8("data=" + Uri.EscapeDataString(json))) { ContentType = "application/x-www-form-urlencoded" };
        yield return new("a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D]) { ContentType = "image/png" };
        yield return new("compressed", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]);
    }

    private static IEnumerable<HostileBody> Queries()
    {
        var beat = Uri.EscapeDataString("{\"monitorID\":1,\"status\":0,\"time\":\"2026-11-20 23:40:34.287\"}");
        var monitor = Uri.EscapeDataString("{\"id\":1,\"name\":\"gitea\"}");
        yield return OfQuery("GET without query", "");
        yield return OfQuery("GET without msg", $"heartbeat={beat}&monitor={monitor}");
        yield return OfQuery("GET with half a heartbeat", $"msg=x&heartbeat={beat[..30]}&monitor={monitor}");
        yield return OfQuery("GET with broken percents", "msg=%&heartbeat=%zz&monitor=%7");
        yield return OfQuery("GET with broken UTF-8", $"msg=%ff%fe&heartbeat={beat}&monitor={monitor}");
        yield return OfQuery("GET with broken UTF-8 in JSON", $"msg=x&heartbeat=%7B%22a%22:%22%ff%22%7D&monitor={monitor}");
        yield return OfQuery("GET with msg twice", $"msg=a&msg=b&heartbeat={beat}&monitor={monitor}");
        yield return OfQuery("GET with a list", $"msg=x&heartbeat=[]&monitor={monitor}");
        yield return OfQuery("GET with monitor alone", $"msg=x&monitor={monitor}");
        yield return OfQuery("GET with empty values", "msg=&heartbeat=&monitor=");
        yield return OfQuery("GET with names alone", "msg&heartbeat&monitor");
        yield return OfQuery("GET with ampersands alone", "&&&&&&");
        yield return OfQuery("GET with depth 10000", "msg=x&heartbeat=" + new string('[', 10_000) + $"&monitor={monitor}");
        yield return OfQuery("GET with lone surrogates", $"msg=\ud800&heartbeat={beat}&monitor={monitor}");
    }

    private static HostileBody OfForm(string name, string body, string contentType = Form) => new(name, Utf8(body)) { ContentType = contentType };

    private static HostileBody OfQuery(string name, string query) => new(name, []) { Method = "GET", ContentType = "", Query = query };

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
