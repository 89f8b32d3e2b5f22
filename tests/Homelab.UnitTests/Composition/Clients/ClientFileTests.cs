using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Composition.Clients;

namespace Homelab.UnitTests.Composition.Clients;

public sealed class ClientFileTests : IDisposable
{
    private static readonly ClientEntry s_code = ClientEntries.Called(ClientProgram.ClaudeCode, "homelab", new Uri("http://127.0.0.1:18789/mcp"), showsKey: false);
    private static readonly ClientEntry s_editor = ClientEntries.Called(ClientProgram.VSCode, "homelab", new Uri("http://127.0.0.1:18789/mcp"), showsKey: true);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-client-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.FullName, "mcp.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_that_is_not_there_is_made_with_its_folder()
    {
        var path = Path.Combine(_folder.FullName, ".vscode", "mcp.json");
        await (await ClientFile.PlanAsync(path, s_editor, force: false, Cancellation)).SaveAsync(Cancellation);
        Assert.Equal(s_editor.Render() + "\n", await System.IO.File.ReadAllTextAsync(path, Cancellation));
        Assert.Equal(["mcp.json"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData(" \r\n")]
    public async Task An_empty_file_is_filled(string was) => Assert.Equal(s_code.Render() + "\n", await PutAsync(s_code, was));

    [Theory]
    // Another server, a comment about it, and a setting that means nothing to us.
    [InlineData("{\n  // mine\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\" } // keep\n  },\n  \"theme\": \"dark\"\n}\n", "{\n  // mine\n  \"mcpServers\": {\n    \"files\": { \"command\": \"npx\" }, // keep\n    \"homelab\": {\n      \"type\": \"http\",\n      \"url\": \"http://127.0.0.1:18789/mcp\"\n    }\n  },\n  \"theme\": \"dark\"\n}\n")]
    // A comma after the last, tabs, and line ends of Windows.
    [InlineData("{\r\n\t\"mcpServers\": {\r\n\t\t\"files\": {},\r\n\t},\r\n}", "{\r\n\t\"mcpServers\": {\r\n\t\t\"files\": {},\r\n\t\t\"homelab\": {\r\n\t\t\t\"type\": \"http\",\r\n\t\t\t\"url\": \"http://127.0.0.1:18789/mcp\"\r\n\t\t},\r\n\t},\r\n}")]
    // Nothing in it yet but a comment.
    [InlineData("{\n    \"mcpServers\": { /* none */ }\n}", "{\n    \"mcpServers\": {\n        \"homelab\": {\n            \"type\": \"http\",\n            \"url\": \"http://127.0.0.1:18789/mcp\"\n        } /* none */ }\n}")]
    [InlineData("{\"mcpServers\":{}}", "{\"mcpServers\":{\n  \"homelab\": {\n    \"type\": \"http\",\n    \"url\": \"http://127.0.0.1:18789/mcp\"\n  }\n}}")]
    // All in one line, as programs write it.
    [InlineData("{\"a\":1,\"mcpServers\":{\"b\":{}}}", "{\"a\":1,\"mcpServers\":{\"b\":{}, \"homelab\": {\"type\":\"http\",\"url\":\"http://127.0.0.1:18789/mcp\"}}}")]
    [InlineData("{\"a\":[1,],}", "{\"a\":[1,], \"mcpServers\": {\"homelab\":{\"type\":\"http\",\"url\":\"http://127.0.0.1:18789/mcp\"}},}")]
    [InlineData("{\n  \"a\": \"ü{},//\" /* last */\n  // end\n}", "{\n  \"a\": \"ü{},//\", /* last */\n  \"mcpServers\": {\n    \"homelab\": {\n      \"type\": \"http\",\n      \"url\": \"http://127.0.0.1:18789/mcp\"\n    }\n  }\n  // end\n}")]
    [InlineData("\uFEFF{\n}\n", "\uFEFF{\n  \"mcpServers\": {\n    \"homelab\": {\n      \"type\": \"http\",\n      \"url\": \"http://127.0.0.1:18789/mcp\"\n    }\n  }\n}\n")]
    public async Task Everything_else_stays_byte_for_byte(string was, string becomes)
    {
        Assert.Equal(becomes, await PutAsync(s_code, was));
        Assert.Equal(was, Encoding.UTF8.GetString(await System.IO.File.ReadAllBytesAsync(File + ".bak", Cancellation)));
    }

    [Fact]
    public async Task The_keys_on_the_way_are_made_where_they_are_not_there()
    {
        var entry = ClientEntries.Called(ClientProgram.OpenClaw, "homelab", new Uri("http://127.0.0.1:18789/mcp"), showsKey: true);
        var document = Parse(await PutAsync(entry, "{\n  \"gateway\": { \"port\": 18789 },\n  \"mcp\": { \"sessionIdleTtlMs\": 0 }\n}\n"));
        Assert.Equal(["gateway", "mcp"], document.Select(p => p.Key));
        Assert.Equal(0, (int)document["mcp"]!["sessionIdleTtlMs"]!);
        Assert.True(JsonNode.DeepEquals(entry.Value, document["mcp"]!["servers"]!["homelab"]));
    }

    [Fact]
    public async Task What_VS_Code_asks_for_is_added_once_and_left_as_the_user_has_it()
    {
        var document = Parse(await PutAsync(s_editor, "{\n  \"inputs\": [\n    { \"id\": \"other\", \"type\": \"promptString\" }\n  ],\n  \"servers\": {}\n}\n"));
        Assert.Equal(["other", "homelab-key"], document["inputs"]!.AsArray().Select(i => (string?)i!["id"]));
        var own = Parse(await PutAsync(s_editor, "{ \"inputs\": [ { \"id\": \"homelab-key\", \"description\": \"mine\" } ] }"));
        Assert.Equal(["mine"], own["inputs"]!.AsArray().Select(i => (string?)i!["description"]));
        Assert.True(JsonNode.DeepEquals(s_editor.Value, own["servers"]!["homelab"]));
    }

    [Fact]
    public async Task A_second_time_changes_nothing_and_spoils_no_copy()
    {
        await PutAsync(s_editor, "{ \"servers\": { } }");
        var written = System.IO.File.GetLastWriteTimeUtc(File);
        var again = await ClientFile.PlanAsync(File, s_editor, force: false, Cancellation);
        Assert.False(again.Changes);
        Assert.Equal("{ \"servers\": { } }", await System.IO.File.ReadAllTextAsync(File + ".bak", Cancellation));
        Assert.Equal(written, System.IO.File.GetLastWriteTimeUtc(File));
    }

    [Fact]
    public async Task An_entry_that_says_something_else_is_replaced_only_by_force()
    {
        const string Was = "{\n  \"mcpServers\": {\n    \"homelab\": { \"command\": \"other\" }, // ours\n    \"b\": 1\n  }\n}\n";
        await System.IO.File.WriteAllTextAsync(File, Was, Cancellation);
        var refused = await Assert.ThrowsAsync<HomelabException>(() => ClientFile.PlanAsync(File, s_code, force: false, Cancellation));
        Assert.Equal((ErrorKind.Conflict, "ClientEntryExists"), (refused.Kind, refused.Id));
        Assert.Contains("line 3", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Was, await System.IO.File.ReadAllTextAsync(File, Cancellation));
        Assert.Equal(Was.Replace("{ \"command\": \"other\" }", "{\n      \"type\": \"http\",\n      \"url\": \"http://127.0.0.1:18789/mcp\"\n    }", StringComparison.Ordinal), await PutAsync(s_code, Was, force: true));
    }

    [Theory]
    [InlineData("{\n  \"ü\": 1,\n  unquoted: 2\n}", "line 3, column 3")]
    [InlineData("{ \"ü\": 'x' }", "line 1, column 8")]
    [InlineData("{ \"mcpServers\": {", "line 1")]
    [InlineData("{} {}", "line 1, column 4")]
    [InlineData("[]", "line 1: the file is no object")]
    [InlineData("{\n  \"mcpServers\": []\n}", "line 2: 'mcpServers' is no object")]
    public async Task A_file_that_is_something_else_is_refused_with_the_place_and_left_alone(string was, string place)
    {
        await System.IO.File.WriteAllTextAsync(File, was, Cancellation);
        var refused = await Assert.ThrowsAsync<HomelabException>(() => ClientFile.PlanAsync(File, s_code, force: true, Cancellation));
        Assert.Equal((ErrorKind.Invalid, "ClientFileInvalid"), (refused.Kind, refused.Id));
        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
        Assert.Equal(was, await System.IO.File.ReadAllTextAsync(File, Cancellation));
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        var refused = await Assert.ThrowsAsync<HomelabException>(() => ClientFile.PlanAsync(_folder.FullName, s_code, force: false, Cancellation));
        Assert.Equal("ClientFileInvalid", refused.Id);
    }

    [Fact]
    public async Task A_link_stays_a_link_and_what_nobody_else_could_read_stays_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes, and makes links for administrators alone.");
        if (OperatingSystem.IsWindows()) return;
        var real = Path.Combine(_folder.FullName, "kept.json");
        await System.IO.File.WriteAllTextAsync(real, "{}", Cancellation);
        System.IO.File.SetUnixFileMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.File.CreateSymbolicLink(File, real);
        await (await ClientFile.PlanAsync(File, s_code, force: false, Cancellation)).SaveAsync(Cancellation);
        Assert.Equal(real, new FileInfo(File).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(real));
        Assert.NotNull(Parse(await System.IO.File.ReadAllTextAsync(real, Cancellation))["mcpServers"]!["homelab"]);
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();

    // Reads back bytes, so that a mark at the beginning counts too.
    private async Task<string> PutAsync(ClientEntry entry, string was, bool force = false)
    {
        await System.IO.File.WriteAllBytesAsync(File, Encoding.UTF8.GetBytes(was), Cancellation);
        var plan = await ClientFile.PlanAsync(File, entry, force, Cancellation);
        Assert.True(plan.Changes);
        await plan.SaveAsync(Cancellation);
        return Encoding.UTF8.GetString(await System.IO.File.ReadAllBytesAsync(File, Cancellation));
    }
}
