namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>A key opens the REST routes too: what an AI client sends there that means nothing, or is none of its business.</summary>
internal static class RestAttempts
{
    private const string Kind = "A request by REST that means nothing, or too much";
    private const string Refused = "denied rest:{me} rest_request";
    private const string Gate = "denied rest:{me} proxmox_start_vm";

    internal static IEnumerable<Attempt> All { get; } = [.. Meaningless(), .. AtTheGate()];

    private static IEnumerable<Attempt> Meaningless() => Attempt.Rows<(string Name, string Method, string Path, string Body, string Answer)>(
        ("The body is no JSON", "POST", "/api/vms/110/start", "force=true", "400 "),
        ("The body is cut off", "POST", "/api/vms/110/start", "{\"force\":", "400 "),
        ("The body is a list", "POST", "/api/vms/110/start", "[{}]", "400 "),
        ("The body is a text", "POST", "/api/vms/110/start", "\"force\"", "400 "),
        ("The body holds half a character", "POST", "/api/vms/110/start", "{\"\\ud800\":true}", "400 "),
        ("The body is longer than may be", "POST", "/api/vms/110/start", new string(' ', 1_200_000), "413 "),
        ("The query claims a level", "POST", "/api/vms/110/start?level=manage", "{}", "400 "),
        ("The query claims to be agreed to", "POST", "/api/vms/110/start?approved=true", "{}", "400 "),
        ("The query misspells the dry run", "POST", "/api/vms/110/start?dryrn=true", "{}", "400 "),
        ("The query says two things of one", "POST", "/api/vms/110/start?dryRun=true&dryRun=false", "{}", "400 "),
        ("The approval is no approval's name", "POST", "/api/vms/110/start?approval=..%2f..%2f", "{}", "400 "),
        ("The approval is one that there is not", "POST", "/api/vms/110/start?approval=0123456789abcdef0123", "{}", "404 "),
        ("The VM is a path", "POST", "/api/vms/..%2f..%2fnodes/start", "{}", "400 "),
        ("The VM that is looked at is a path", "GET", "/api/vms/a%2fb%2fc/status", "", "400 "),
        ("The dry run has a field that there is not", "POST", "/api/vms/110/start?dryRun=true", "{\"force\":true}", "400 "),
        ("It asks for an approval that there is not", "GET", "/api/approvals/0123456789abcdef0123", "", "404 "),
        ("It approves what was not asked", "POST", "/api/approvals/0123456789abcdef0123/approve", "{}", "404 "),
        ("It approves with more than may be said", "POST", "/api/approvals/0123456789abcdef0123/approve", "{\"as\":\"cli:anna\"}", "400 "),
        ("It approves in the name of the address", "POST", "/api/approvals/0123456789abcdef0123/approve?approver=cli:anna", "{}", "400 "),
        ("It lists approvals by what they have not", "GET", "/api/approvals?token=1", "", "400 "),
        ("It deletes a VM", "DELETE", "/api/vms/110", "", "404 "),
        ("It puts a list of VMs", "PUT", "/api/vms", "[]", "405 "),
        ("It starts by getting", "GET", "/api/vms/110/start", "", "405 "),
        ("It asks a page's leave with its key", "OPTIONS", "/api/vms/110/start", "", "405 "),
        ("It posts an operation by its name", "POST", "/api/operations/docker_set_limits", "{\"container\":\"redis@dev\",\"memory\":\"64MiB\"}", "404 "),
        ("It makes a key at an address of its own", "POST", "/api/keys", "{\"name\":\"better\",\"level\":\"manage\"}", "404 "),
        ("It writes the policy", "PUT", "/api/policy", "{\"approvals\":{}}", "404 "),
        ("It steps out of the address", "POST", "/api/vms/%2e%2e/%2e%2e/api/access", "{}", "404 "))
        .Select(static r => Http(r.Name, r.Method, r.Path, r.Body, r.Answer, Refused));

    private static IEnumerable<Attempt> AtTheGate() =>
    [
        Http("The body has a field that there is not", "POST", "/api/vms/110/start", "{\"force\":true}", "403 |400 ", Gate),
        Http("The body has a field of another type", "POST", "/api/vms/110/start", "{\"timeout\":[1]}", "403 |400 ", Gate),
        Http("The body has a field twice", "POST", "/api/vms/110/start?timeout=60", "{\"timeout\":61}", "403 |400 ", Gate),
        Http("The body names another VM", "POST", "/api/vms/110/start", "{\"vm\":\"100\"}", "403 |400 ", Gate),
    ];

    private static Attempt Http(string name, string method, string path, string body, string answer, string leaves) => new(Kind, name)
    {
        Over = Over.Http,
        Act = a => a.HttpAsync(method, path, body),
        Answer = answer,
        Leaves = leaves,
    };
}
