namespace Homelab.Composition.Clients;

/// <summary>What a lab consists of, as tables of Markdown. No secret, no hint, and addresses only where they are wanted.</summary>
/// <param name="lab">The lab.</param>
/// <param name="showsAddresses">True to name addresses.</param>
internal sealed class SkillTables(LabDefinition lab, bool showsAddresses)
{
    private const int LongestCell = 300;

    /// <summary>A text as it may stand in a cell, on one line and without meaning of its own.</summary>
    internal static string Cell(string text) =>
        ForeignText.Clean(text, LongestCell).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("{{", "{ {", StringComparison.Ordinal);

    internal string Hosts() => Table(
        showsAddresses ? ["host", "what for", "runs on", "address"] : ["host", "what for", "runs on"],
        lab.Hosts.Select(h => (string[])[h.Key, h.Value.Role, h.Value.On ?? "", .. Address(h.Value.Address)]),
        "The lab file names no hosts.");

    internal string Services() => Table(
        ["service", "tier", "on", "needs", "is checked by"],
        Known.Select(s => (string[])[s.Key, Tier(s.Value), s.Value.Machine ?? "", string.Join(", ", s.Value.DependsOn), Checks(s.Value.Check)]),
        "The lab file names no services.");

    internal string Containers() => Table(
        ["service", "container", "tier", "needs"],
        Known.Where(static s => s.Value.Container is not null).Select(static s => (string[])[s.Key, s.Value.Container!.ToString(), Tier(s.Value), string.Join(", ", s.Value.DependsOn)]),
        "The lab file names no service that runs in a container.");

    internal string Guests() => Table(
        ["service", "guest", "tier"],
        Known.Where(static s => s.Value.Vm is not null).Select(static s => (string[])[s.Key, s.Value.Vm!.ToString(), Tier(s.Value)]),
        "The lab file names no service that is a guest or runs in one; `proxmox_list_vms` lists the guests.");

    internal string Monitors() => Table(
        ["service", "monitor", "tier", "needs"],
        Known.Select(static s => (string[])[s.Key, s.Value.Monitor ?? s.Key, Tier(s.Value), string.Join(", ", s.Value.DependsOn)]),
        "The lab file names no services; `kuma_list_monitors` lists the monitors.");

    internal string Hooks() => Table(
        ["hook", "whose alerts it takes"],
        lab.Hooks.OrderBy(static h => h.Key, StringComparer.Ordinal).Select(static h => (string[])[$"/hooks/{h.Key}", h.Value.Source]),
        "The lab file has no hooks yet.");

    private IEnumerable<KeyValuePair<string, ServiceDefinition>> Known => lab.Services.OrderByDescending(static s => s.Value.Tier).ThenBy(static s => s.Key, StringComparer.Ordinal);

    private static string Tier(ServiceDefinition service) => HomelabNames.Of(service.Tier);

    private string[] Address(string address) => showsAddresses ? [address] : [];

    private string Checks(CheckDefinition? check)
    {
        if (check is null) return "";
        string?[] checks =
        [
            // Whoever put a name and a password into an address did not mean them to be read.
            check.Http is { } http ? Named("http", http.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)) : null,
            check.Tcp is { } tcp ? Named("tcp", tcp) : null,
            check.Dns is { } dns ? Named("dns", $"{dns.Name} at {dns.Server}") : null,
            check.Tls is { } tls ? Named("tls", tls) : null,
        ];
        return string.Join(", ", checks.OfType<string>());
    }

    private string Named(string kind, string address) => showsAddresses ? $"{kind} {address}" : kind;

    private static string Table(IReadOnlyList<string> heads, IEnumerable<string[]> rows, string none)
    {
        string[] lines = [.. rows.Select(static r => Line(r.Select(Cell)))];
        return lines.Length == 0 ? none : string.Join('\n', [Line(heads), $"|{string.Concat(heads.Select(static _ => "---|"))}", .. lines]);
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
