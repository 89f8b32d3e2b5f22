using System.Text.Json.Nodes;
using Homelab.Composition.Clients;

namespace Homelab.UnitTests.Composition.Clients;

public sealed class ClientEntryTests
{
    private static readonly ServerStart s_start = new() { Program = "/usr/bin/dotnet", Arguments = ["/opt/module/host/homelab.dll"], LabFile = "/srv/lab/homelab.yaml", Variables = ["KUMA_KEY", "small"] };

    private static readonly Uri s_address = new("https://homelab.example.net/mcp");

    [Theory]
    [InlineData(ClientProgram.ClaudeDesktop, "claude-desktop", """{"mcpServers":{"homelab":{"command":"/usr/bin/dotnet","args":ARGS}}}""")]
    [InlineData(ClientProgram.ClaudeCode, "claude-code", """{"mcpServers":{"homelab":{"type":"stdio","command":"/usr/bin/dotnet","args":ARGS,"env":{"KUMA_KEY":"${KUMA_KEY}","small":"${small}"}}}}""")]
    [InlineData(ClientProgram.VSCode, "vscode", """{"servers":{"homelab":{"type":"stdio","command":"/usr/bin/dotnet","args":ARGS}}}""")]
    [InlineData(ClientProgram.OpenClaw, "openclaw", """{"mcp":{"servers":{"homelab":{"command":"/usr/bin/dotnet","args":ARGS,"env":{"KUMA_KEY":"${KUMA_KEY}"}}}}}""")]
    public void Each_client_starts_the_server_in_its_own_form_and_under_its_own_name(ClientProgram client, string identity, string form)
    {
        var arguments = $"""["/opt/module/host/homelab.dll","mcp","--lab","/srv/lab/homelab.yaml","--name","{identity}"]""";
        AssertIs(form.Replace("ARGS", arguments, StringComparison.Ordinal), ClientEntries.Started(client, "homelab", s_start));
    }

    [Theory]
    [InlineData(ClientProgram.ClaudeDesktop, "KUMA_KEY, small")]
    [InlineData(ClientProgram.ClaudeCode, "")]
    [InlineData(ClientProgram.VSCode, "")]
    [InlineData(ClientProgram.OpenClaw, "small")]
    public void What_a_client_does_not_pass_on_is_known(ClientProgram client, string withheld) => Assert.Equal(withheld, string.Join(", ", ClientEntries.Withheld(client, s_start)));

    [Theory]
    [InlineData(ClientProgram.ClaudeCode, true, """{"mcpServers":{"homelab":{"type":"http","url":"https://homelab.example.net/mcp","headers":{"Authorization":"Bearer ${HOMELAB_MCP_KEY}"}}}}""")]
    [InlineData(ClientProgram.ClaudeCode, false, """{"mcpServers":{"homelab":{"type":"http","url":"https://homelab.example.net/mcp"}}}""")]
    [InlineData(ClientProgram.VSCode, true, """{"inputs":[{"type":"promptString","id":"homelab-key","description":"API key of homelab, as New-HlApiKey wrote it","password":true}],"servers":{"homelab":{"type":"http","url":"https://homelab.example.net/mcp","headers":{"Authorization":"Bearer ${input:homelab-key}"}}}}""")]
    [InlineData(ClientProgram.VSCode, false, """{"servers":{"homelab":{"type":"http","url":"https://homelab.example.net/mcp"}}}""")]
    [InlineData(ClientProgram.OpenClaw, true, """{"mcp":{"servers":{"homelab":{"url":"https://homelab.example.net/mcp","transport":"streamable-http","headers":{"Authorization":"Bearer ${HOMELAB_MCP_KEY}"}}}}}""")]
    [InlineData(ClientProgram.OpenClaw, false, """{"mcp":{"servers":{"homelab":{"url":"https://homelab.example.net/mcp","transport":"streamable-http","auth":"oauth"}}}}""")]
    public void Each_client_calls_the_server_in_its_own_form_and_holds_no_key(ClientProgram client, bool showsKey, string form) =>
        AssertIs(form, ClientEntries.Called(client, "homelab", s_address, showsKey));

    [Fact]
    public void Claude_Desktop_is_given_no_address_and_the_ways_out()
    {
        var refused = Assert.Throws<HomelabException>(() => ClientEntries.Called(ClientProgram.ClaudeDesktop, "homelab", s_address, showsKey: true));
        Assert.Equal((ErrorKind.Invalid, "ClientNeedsStdio"), (refused.Kind, refused.Id));
        Assert.Contains("-Transport Stdio", refused.Message, StringComparison.Ordinal);
        Assert.Contains("connector", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_file_that_the_environment_names_is_named_to_the_server_too() =>
        Assert.Equal("/var/lib/lab.db", (string?)ClientEntries.Started(ClientProgram.ClaudeDesktop, "homelab", s_start with { StateFile = "/var/lib/lab.db" }).Value["env"]!["HOMELAB_STATE"]);

    [Theory]
    [InlineData(ClientProgram.ClaudeCode, true)]
    [InlineData(ClientProgram.VSCode, true)]
    [InlineData(ClientProgram.OpenClaw, true)]
    [InlineData(ClientProgram.ClaudeDesktop, false)]
    public void A_path_that_a_client_would_read_as_a_variable_is_refused(ClientProgram client, bool isRefused)
    {
        var start = s_start with { LabFile = "/srv/${HOME}/homelab.yaml" };
        if (!isRefused) Assert.Contains("/srv/${HOME}/homelab.yaml", ClientEntries.Started(client, "homelab", start).Render(), StringComparison.Ordinal);
        else Assert.Equal("ClientEntryInvalid", Assert.Throws<HomelabException>(() => ClientEntries.Started(client, "homelab", start)).Id);
    }

    [Theory]
    [InlineData("homelab", "HOMELAB_MCP_KEY")]
    [InlineData("my-lab2", "MY_LAB2_MCP_KEY")]
    public void Each_server_has_a_variable_of_its_own(string name, string variable) => Assert.Equal(variable, ClientEntries.VariableOf(name));

    [Theory]
    [InlineData("https://homelab.example.net", "0.0.0.0:18789", "https://homelab.example.net/mcp")]
    [InlineData("https://homelab.example.net/", "127.0.0.1:18789", "https://homelab.example.net/mcp")]
    [InlineData(null, "127.0.0.1:18789", "http://127.0.0.1:18789/mcp")]
    [InlineData(null, "[::1]:18789", "http://[::1]:18789/mcp")]
    [InlineData(null, "0.0.0.0:18789", null)]
    [InlineData(null, "[::]:18789", null)]
    [InlineData(null, "127.0.0.1:0", null)]
    public void The_address_is_that_by_which_clients_reach_the_server(string? url, string listen, string? address)
    {
        var lab = new LabDefinition { Mcp = new McpDefinition { Url = url }, Server = new ServerDefinition { Listen = listen } };
        if (address is not null) Assert.Equal(address, ClientEntries.AddressOf(lab).ToString());
        else Assert.Equal("McpUrlNeeded", Assert.Throws<HomelabException>(() => ClientEntries.AddressOf(lab)).Id);
    }

    private static void AssertIs(string form, ClientEntry entry)
    {
        Assert.Equal(form, JsonNode.Parse(entry.Render())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.DoesNotContain(ApiKey.Prefix, entry.Render(), StringComparison.Ordinal);
    }
}
