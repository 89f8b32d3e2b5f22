using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Composition.Clients;

namespace Homelab.UnitTests.Composition.Clients;

/// <summary>However people write their files, what is put in is there afterwards, and so is everything else.</summary>
public sealed class JsoncTextTests
{
    private const int Texts = 2_000;

    private static readonly string[] s_blanks = ["", "", " ", "\t", "\n", "\n  ", "\n\t", "\r\n    ", " /* {} */ ", "/*\n,*/", " // \"x\": [\n", "//\r\n"];
    private static readonly string[] s_values = ["1", "-2.5e3", "true", "null", "\"\"", "\"// no comment\"", "\"/* nor this */\"", "\"\\\"}\"", "\"ü€😀\"", "\"a,b\""];
    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Fact]
    public void A_value_that_is_put_in_is_there_and_nothing_else_has_changed()
    {
        var random = new Random(20_260_728);
        var put = 0;
        for (var i = 0; i < Texts; i++)
        {
            var was = Blank(random) + Object(random, depth: 3) + Blank(random) + (random.Next(2) == 0 ? "" : "\n");
            string[] path = [.. "abcd"[..random.Next(1, 4)].Select(c => c.ToString()), "new"];
            if (AssertPut(was, path)) put++;
        }

        Assert.InRange(put, Texts / 2, Texts);
    }

    private static bool AssertPut(string was, string[] path)
    {
        var value = JsonNode.Parse("""{ "command": "ü", "args": [ "1", "2" ] }""")!;
        string text;
        try
        {
            text = Encoding.UTF8.GetString(JsoncText.Read(Encoding.UTF8.GetBytes(was)).With(path, value).Bytes.Span);
        }
        catch (FormatException)
        {
            // Something on the way is no object: it is left alone.
            return false;
        }

        var before = JsonNode.Parse(was, documentOptions: s_options)!;
        var after = JsonNode.Parse(text, documentOptions: s_options)!;
        Assert.True(JsonNode.DeepEquals(value, path.Aggregate((JsonNode?)after, static (node, name) => node![name])), $"{was}\n---\n{text}");
        Put(before, path, value);
        Assert.True(JsonNode.DeepEquals(before, after), $"{was}\n---\n{text}");
        // Comments are for people: all of them are there, in their order.
        Assert.Equal(Comments(was), Comments(text));
        return true;
    }

    private static void Put(JsonNode root, string[] path, JsonNode value)
    {
        var node = root.AsObject();
        foreach (var name in path[..^1])
        {
            if (node[name] is null) node[name] = new JsonObject();
            node = node[name]!.AsObject();
        }

        node[path[^1]] = value.DeepClone();
    }

    private static string Object(Random random, int depth)
    {
        var text = new StringBuilder("{").Append(Blank(random));
        var members = "abcd".Where(_ => random.Next(3) > 0).ToArray();
        for (var i = 0; i < members.Length; i++)
        {
            // The one place where the reader takes no comment; such a file is refused with its line.
            text.Append(CultureInfo.InvariantCulture, $"\"{members[i]}\" :{Blank(random)}{Value(random, depth)}{Blank(random)}");
            if (i < members.Length - 1 || random.Next(3) == 0) text.Append(',').Append(Blank(random));
        }

        return text.Append('}').ToString();
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 => s_values[random.Next(s_values.Length)],
        1 => $"[{Blank(random)}{s_values[random.Next(s_values.Length)]}{Blank(random)}{(random.Next(2) == 0 ? "," : "")}{Blank(random)}]",
        _ => Object(random, depth - 1),
    };

    private static string Blank(Random random) => s_blanks[random.Next(s_blanks.Length)];

    private static List<string> Comments(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { CommentHandling = JsonCommentHandling.Allow, AllowTrailingCommas = true });
        var comments = new List<string>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.Comment) comments.Add(reader.GetComment());
        }

        return comments;
    }
}
