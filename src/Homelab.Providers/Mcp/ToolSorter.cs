namespace Homelab.Providers.Mcp;

/// <summary>
/// Sorts tools by what they are for: by the lab file first, then by what they say of themselves, then by the words of their names. It is for people who look; nothing is decided by it.
/// </summary>
/// <param name="categories">Those of the lab file: patterns of names.</param>
internal sealed class ToolSorter(IReadOnlyDictionary<string, IReadOnlyList<string>> categories)
{
    internal const string Query = "query";
    internal const string Control = "control";
    internal const string Automation = "automation";
    internal const string Uncategorised = "uncategorised";

    private static readonly string[] s_order = [Query, Control, Automation];

    private static readonly HashSet<string> s_automation = new(StringComparer.OrdinalIgnoreCase)
    {
        "automation", "automate", "cron", "heal", "job", "jobs", "pipeline", "playbook", "playbooks", "runbook", "runbooks", "schedule", "schedules", "trigger", "workflow", "workflows",
    };

    private static readonly HashSet<string> s_query = new(StringComparer.OrdinalIgnoreCase)
    {
        "check", "count", "describe", "explain", "fetch", "find", "get", "health", "info", "inspect", "list", "logs", "ping", "query", "read", "search", "show", "stats", "status", "test", "verify", "view",
    };

    private static readonly HashSet<string> s_control = new(StringComparer.OrdinalIgnoreCase)
    {
        "add", "apply", "call", "cancel", "clear", "clone", "create", "delete", "deploy", "destroy", "disable", "enable", "exec", "execute", "install", "kill", "migrate", "move", "pause", "post", "prune",
        "publish", "put", "reboot", "remove", "reset", "resize", "restart", "restore", "resume", "rollback", "run", "send", "set", "shutdown", "start", "stop", "suspend", "sync", "uninstall", "unpause",
        "update", "upgrade", "write",
    };

    /// <summary>The tools by category, in an order that stays.</summary>
    internal IReadOnlyList<McpToolCategory> Sort(IEnumerable<McpTool> tools) =>
    [
        .. tools.GroupBy(CategoryOf, StringComparer.Ordinal)
            .OrderBy(static g => Array.IndexOf(s_order, g.Key) is >= 0 and var at ? at : g.Key == Uncategorised ? int.MaxValue : s_order.Length)
            .ThenBy(static g => g.Key, StringComparer.Ordinal)
            .Select(static g => new McpToolCategory(g.Key, g.Count(), [.. g])),
    ];

    internal string CategoryOf(McpTool tool)
    {
        foreach (var (category, patterns) in categories)
        {
            if (patterns.Any(p => Wildcard.Matches(p, tool.Name))) return category;
        }

        var words = WordsOf(tool.Name);
        if (tool.IsReadOnly is true) return Query;
        // That nothing is lost by it says as well that something is changed.
        if (tool.IsReadOnly is false || tool.IsDestructive is not null) return words.Any(s_automation.Contains) ? Automation : Control;
        // The first word that says anything: list_jobs looks, run_job does, and a workflow alone is one.
        foreach (var word in words)
        {
            if (s_query.Contains(word)) return Query;
            if (s_automation.Contains(word)) return Automation;
            if (s_control.Contains(word)) return words.Any(s_automation.Contains) ? Automation : Control;
        }

        return Uncategorised;
    }

    // get_vm-status, getVmStatus and vm.status are words; so is the API in getAPIStatus.
    private static List<string> WordsOf(string name)
    {
        var words = new List<string>();
        var begin = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsLetterOrDigit(name[i]);
            var turns = !ends && i > begin && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (!ends && !turns) continue;
            if (i > begin) words.Add(name[begin..i]);
            begin = ends ? i + 1 : i;
        }

        return words;
    }
}
