using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Homelab.UnitTests.Providers;

/// <summary>Deliveries of arbitrary bytes to a source of alerts: each is read, or refused with a reason, and nothing else ever happens.</summary>
internal static class AnyBody
{
    private const int Tries = 1500;

    private static readonly string[] s_values =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "99999999999999999999", "\"\"", "\"0\"", "\"\\u0000\\u001b[2J\"", "\"\\ud800\"", "[]", "{}", "[[[[]]]]", "[null]", "[1]", "{\"a\":{\"b\":1}}", "{\"a\":1}", "{\"\\ud800\":\"a\"}",
        "\"\u202Egitea\"", "\"   \"",
    ];

    /// <summary>Any bytes at all, and good ones with a few changed.</summary>
    internal static void IsReadOrRefused(IAlertSource source, byte[] good)
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Tries), Prop.ForAll<byte[]>(bytes => { _ = Try(source, bytes); }));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Tries), Prop.ForAll<(PositiveInt, byte, PositiveInt, byte)>(change =>
        {
            var (at, value, at2, value2) = change;
            byte[] body = [.. good];
            body[at.Get * 7 % body.Length] = value;
            body[at2.Get * 13 % body.Length] = value2;
            _ = Try(source, body);
        }));
    }

    /// <summary>A good body with each of its fields replaced by each odd value.</summary>
    internal static void WithAnyFieldOddIsReadOrRefused(IAlertSource source, string good)
    {
        var paths = Paths(JsonNode.Parse(good)!, "").ToArray();
        Assert.NotEmpty(paths);
        foreach (var path in paths)
        {
            foreach (var value in s_values) _ = Try(source, Encoding.UTF8.GetBytes(Replace(good, path, value)));
        }

        for (var length = 0; length < good.Length; length += 5) _ = Try(source, Encoding.UTF8.GetBytes(good[..length]));
    }

    internal static (IReadOnlyList<Alert> Alerts, HomelabException? Refusal) Try(IAlertSource source, byte[] body, string method = "POST")
    {
        try
        {
            var alerts = source.Read(new AlertDelivery(method, "application/json", "", body, DateTimeOffset.UnixEpoch.AddYears(50)));
            Assert.All(alerts, static a =>
            {
                Assert.True(a.Message.Length <= 500 && ForeignText.IsClean(a.Message), a.Message);
                Assert.True(a.Subject is null || (a.Subject.Length <= 300 && ForeignText.IsClean(a.Subject)), a.Subject);
                Assert.NotEmpty(a.Fingerprint);
                Assert.True(a.Value is null || double.IsFinite(a.Value.Value));
                Assert.All(a.Labels, static l => Assert.True(l.Value.Length <= 300 && ForeignText.IsClean(l.Value) && ForeignText.IsClean(l.Key), l.ToString()));
            });
            return (alerts, null);
        }
        catch (HomelabException e)
        {
            Assert.Equal((ErrorKind.Invalid, "AlertUnreadable"), (e.Kind, e.Id));
            Assert.True(e.Message.Length < 700 && ForeignText.IsClean(e.Message), e.Message);
            return ([], e);
        }
    }

    private static IEnumerable<string> Paths(JsonNode node, string path) => node switch
    {
        JsonObject record => record.SelectMany(p => p.Value is null ? [$"{path}/{p.Key}"] : Paths(p.Value, $"{path}/{p.Key}").Prepend($"{path}/{p.Key}")),
        JsonArray list => list.SelectMany((item, i) => Paths(item!, $"{path}/{i}").Prepend($"{path}/{i}")),
        _ => [],
    };

    // As text, since half characters are no nodes.
    private static string Replace(string good, string path, string value)
    {
        const string Mark = "<<here>>";
        var root = JsonNode.Parse(good)!;
        var at = root;
        var parts = path.Split('/')[1..];
        foreach (var part in parts[..^1]) at = at is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!;
        if (at is JsonArray items) items[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = Mark;
        else at[parts[^1]] = Mark;
        return root.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }
}
