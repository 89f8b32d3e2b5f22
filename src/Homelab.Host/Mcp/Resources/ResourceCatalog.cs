namespace Homelab.Host.Mcp.Resources;

/// <summary>Every resource.</summary>
internal static class ResourceCatalog
{
    internal const string Inventory = "homelab://inventory";
    internal const string Incidents = "homelab://incidents";
    internal const string Runbooks = "homelab://runbooks";
    internal const string Decisions = "homelab://decisions";
    internal const string Audit = "homelab://audit";
    internal const string Procedures = "homelab://procedures";

    private const int Lines = 100;
    private const int Choices = 200;

    private static readonly AuditKind[] s_kinds = [AuditKind.Intent, AuditKind.Denied, AuditKind.Asked, AuditKind.Answered];
    private static readonly string[] s_decisions = [.. s_kinds.Select(HomelabNames.Of)];

    /// <summary>The lines of the audit that say what was decided, and why.</summary>
    internal static IReadOnlyList<AuditKind> DecisionKinds => s_kinds;

    /// <summary>All of them, templates after what they are part of.</summary>
    internal static IReadOnlyList<ResourceDefinition> All { get; } =
    [
        new()
        {
            Uri = Inventory, Name = "inventory", Title = "Inventory", Description = "The lab as a tree of hosts and their services, with address, role, status and latency of each. Looks at all of them, which takes seconds.",
            Parts = [new("network_map", static _ => new { })],
        },
        new()
        {
            Uri = Inventory + "/{host}", Name = "inventory-host", Title = "One host", Description = "A host of the lab: how it is, the services and hosts on it, and its containers where it has a Docker Engine.",
            Parts =
            [
                new("network_map", static _ => new { }) { IsWanted = static (item, host) => item is NetworkMapEntry entry && (IsHost(entry, host) || entry.Parent == host), MustFind = true },
                new("docker_list_containers", static host => new { host }) { Applies = static (lab, host) => lab.Hosts.TryGetValue(host, out var found) && found.Docker is not null },
            ],
            Names = new("network_map", new { noProbe = true }, "name") { IsWanted = static item => item is NetworkMapEntry { Kind: NetworkMapKind.Host } },
        },
        new()
        {
            Uri = Incidents, Name = "incidents", Title = "Incidents", Description = "What went wrong in the lab, newest first: the service, where it stands, what was found out.", IsWatched = true,
            Parts = [new("heal_list_incidents", static _ => new { })],
        },
        new()
        {
            Uri = Incidents + "/{id}", Name = "incident", Title = "One incident", Description = "The story of an incident: its cause and why it is taken to be the cause, its members, the steps that were taken, and what was seen.", IsWatched = true,
            Parts = [new("heal_list_incidents", static id => new { id }) { MustFind = true }],
            Names = new("heal_list_incidents", new { last = Choices, includeMember = true }, "id"),
        },
        new()
        {
            Uri = Runbooks, Name = "runbooks", Title = "Runbooks", Description = "The runbooks of the lab: what each is for, what sets it off, whether it needs a service, and its steps.",
            Parts = [new("runbook_list", static _ => new { })],
        },
        new()
        {
            Uri = Runbooks + "/{name}", Name = "runbook", Title = "One runbook", Description = "A runbook: what it is for, what sets it off, and its steps, each with its operation.",
            Parts = [new("runbook_list", static name => new { name }) { IsWanted = static (item, name) => item is RunbookInfo info && info.Name == name, MustFind = true }],
            Names = new("runbook_list", new { }, "name"),
        },
        new()
        {
            Uri = Decisions, Name = "decisions", Title = "Decisions", Description = $"The last {Lines} decisions of the gate, oldest first: what was asked for, what was decided and why, and what people answered. The number of a line is its id.", IsWatched = true,
            Parts = [new("audit_list", static _ => new { kind = s_decisions, last = Lines })],
        },
        new()
        {
            Uri = Decisions + "/{id}", Name = "decision", Title = "One decision", Description = "A decision of the gate by the number of its line in the audit: who asked for what, every rule that spoke, and what came of it.",
            Parts = [new("audit_list", static id => new { before = Number(id) + 1, last = 1 }) { IsWanted = static (item, id) => item is AuditLine line && line.Sequence == Number(id) && DecisionKinds.Contains(line.Kind), MustFind = true }],
            Names = new("audit_list", new { kind = s_decisions, last = Choices }, "sequence") { IsOldestFirst = true },
        },
        new()
        {
            Uri = Audit, Name = "audit", Title = "Audit", Description = $"The last {Lines} lines of the audit, oldest first: who did what to what, what was decided and why, and how it ended. Subscribers are told of everything but looks.", IsWatched = true,
            Parts = [new("audit_list", static _ => new { last = Lines })],
        },
        new()
        {
            Uri = Procedures, Name = "procedures", Title = "Procedures", Description = "How things are done in this lab: the name, title and summary of each procedure.",
            Parts = [new("sop_get", static _ => new { })],
        },
        new()
        {
            Uri = Procedures + "/{name}", Name = "procedure", Title = "One procedure", Description = "A procedure step by step. It allows nothing: each of its steps passes the gate.", MimeType = Markdown,
            Parts = [new("sop_get", static name => new { name }) { IsWanted = static (item, name) => item is Procedure procedure && procedure.Name == name, MustFind = true }],
            Names = new("sop_get", new { }, "name"),
        },
    ];

    /// <summary>The one form of a resource that is a text and no data.</summary>
    internal const string Markdown = "text/markdown";

    private static bool IsHost(NetworkMapEntry entry, string host) => entry.Kind == NetworkMapKind.Host && entry.Name == host;

    // What is no number of a line names none.
    private static int Number(string id) => int.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and < int.MaxValue ? number : 0;
}
