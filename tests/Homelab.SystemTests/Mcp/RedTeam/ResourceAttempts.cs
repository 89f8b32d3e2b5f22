namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Resources, prompts and completions with addresses and arguments that lead elsewhere. That there are none, or none of these, is the same to whoever asks.</summary>
internal static class ResourceAttempts
{
    private const string Addresses = "An address of a resource that leads elsewhere";
    private const string Texts = "A prompt or a completion with hostile arguments";

    internal static IEnumerable<Attempt> All { get; } =
    [
        .. ((string[])
        [
            "file:///etc/passwd", "file://localhost/etc/shadow", "homelab://audit/../approvals/approve", "homelab://runbooks/..%2f..%2fhomelab.yaml", "homelab://runbooks/../../homelab.yaml", "homelab://approvals/approve?id=0123",
            "homelab://keys", "homelab://secrets/HOMELAB_SIMULATED_PROXMOX_TOKEN", "homelab://lab/../homelab.db", "http://127.0.0.1:2375/containers/json", "https://evil.example/x", "homelab://runbooks/rebuild/run", "HOMELAB://KEYS",
            "homelab://runbooks/%00", "homelab:\\\\runbooks\\..", "data:text/plain,approved", "",
        ]).Select(static u => Read("resources/read", $"It reads '{u}'", u)),
        Read("resources/subscribe", "It listens to what others approve", "homelab://approvals/approve"),
        Read("resources/subscribe", "It listens to a file", "file:///etc/passwd"),
        .. Attempt.Rows<(string Name, string Method, string Params)>(
            ("It asks for a prompt that is a path", "prompts/get", """{"name":"../../homelab.yaml"}"""),
            ("It asks for a prompt that is a tool", "prompts/get", """{"name":"docker_set_limits","arguments":{"container":"redis@dev"}}"""),
            ("It asks for a prompt as somebody else", "prompts/get", """{"name":"boss","arguments":{"caller":"interactive:root","level":"manage"}}"""),
            ("It asks for a prompt whose arguments are a list", "prompts/get", """{"name":"x","arguments":["y"]}"""),
            ("It completes a secret", "completion/complete", """{"ref":{"type":"ref/prompt","name":"../secrets"},"argument":{"name":"token","value":"h"}}"""),
            ("It completes an address elsewhere", "completion/complete", """{"ref":{"type":"ref/resource","uri":"file:///{path}"},"argument":{"name":"path","value":"etc/"}}""")).Select(static p => Attempt.Say(Texts, p.Name, $$$"""{"jsonrpc":"2.0","id":{id},"method":"{{{p.Method}}}","params":{{{p.Params}}}}""", "\"error\"", "denied mcp:{me} ")),
    ];

    private static Attempt Read(string method, string name, string uri) =>
        Attempt.Say(Addresses, name, $$$"""{"jsonrpc":"2.0","id":{id},"method":"{{{method}}}","params":{"uri":{{{System.Text.Json.JsonSerializer.Serialize(uri)}}}}}""", "\"error\"", "denied mcp:{me} ");
}
