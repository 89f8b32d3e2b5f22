using Homelab.Providers.Mcp;

namespace Homelab.UnitTests.Providers.Mcp;

/// <summary>Settings that do not fit together are told, and keep only their own server from being asked.</summary>
public sealed class SettingsCheckTests
{
    private static readonly Uri s_url = new("http://127.0.0.1:1/mcp");
    private static readonly SecretReference s_secret = SecretReference.Parse("env:KEY", null);

    public static TheoryData<string, McpServerSettings> Wrong => new()
    {
        { "neither url nor command nor health", new McpServerSettings() },
        { "url and command", new McpServerSettings { Url = s_url, Command = "node" } },
        { "begins with ftp:", new McpServerSettings { Url = new Uri("ftp://127.0.0.1/mcp") } },
        { "begins with file:", new McpServerSettings { Health = new Uri("file:///etc/passwd") } },
        { "an empty command", new McpServerSettings { Command = " " } },
        { "for a command", new McpServerSettings { Url = s_url, Arguments = ["x"] } },
        { "for a command", new McpServerSettings { Health = s_url, Environment = Plain("A", "b") } },
        { "for a url", new McpServerSettings { Command = "node", Token = s_secret } },
        { "for a url", new McpServerSettings { Command = "node", Tls = new TlsDefinition() } },
        { "is no header's name: 'X: y'", new McpServerSettings { Url = s_url, Headers = Secret("X: y") } },
        { "which the protocol sets", new McpServerSettings { Url = s_url, Headers = Secret("mcp-session-id") } },
        { "which are the same", new McpServerSettings { Url = s_url, Token = s_secret, Headers = Secret("authorization") } },
        { "A in environment and in secrets", new McpServerSettings { Command = "node", Environment = Plain("A", "b"), Secrets = Secret("A") } },
        { "a variable that is none: 'A=B'", new McpServerSettings { Command = "node", Environment = Plain("A=B", "c") } },
        { "those stand under secrets", new McpServerSettings { Command = "node", Environment = Plain("TOKEN", "env:TOKEN") } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_does_not_fit_together_is_told(string says, McpServerSettings settings) => Assert.Contains(says, SettingsCheck.Objection(settings), StringComparison.Ordinal);

    [Fact]
    public void What_fits_together_is_taken()
    {
        Assert.Null(SettingsCheck.Objection(new McpServerSettings { Url = s_url, Token = s_secret, Headers = Secret("X-Api-Key"), Health = s_url }));
        Assert.Null(SettingsCheck.Objection(new McpServerSettings { Command = "node", Arguments = ["env:x"], Environment = Plain("A", "a:b"), Secrets = Secret("B"), Health = s_url }));
        Assert.Null(SettingsCheck.Objection(new McpServerSettings { Health = s_url, Token = s_secret }));
    }

    private static Dictionary<string, string> Plain(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    private static Dictionary<string, SecretReference> Secret(string name) => new(StringComparer.Ordinal) { [name] = s_secret };
}
