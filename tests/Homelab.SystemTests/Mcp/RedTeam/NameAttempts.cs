namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Tools above the level by other names: those that older programs know them by, and names that only look like theirs.</summary>
internal static class NameAttempts
{
    private const string Older = "A tool above the level, by an older name";
    private const string Alike = "A name that looks like a tool's";
    private const string Arguments = """{"container":"redis@dev","memory":"64MiB"}""";

    internal static IEnumerable<Attempt> All { get; } = [.. Aliases(), .. Planned(), .. LookAlikes(), .. NoText()];

    private static IEnumerable<Attempt> Aliases() => Attempt.Rows<(string Alias, string Tool, string Arguments, By By)>(
        ("create_vm", "proxmox_create_vm", """{"name":"mine","storage":"local-lvm"}""", By.Both),
        ("list_nodes", "proxmox_list_nodes", "{}", By.Both),
        ("get_nodes", "proxmox_list_nodes", "{}", By.Both),
        ("get_storage", "proxmox_list_storage", "{}", By.Both),
        ("start_vm", "proxmox_start_vm", """{"vm":"sandbox"}""", By.Low),
        ("stop_vm", "proxmox_stop_vm", """{"vm":"dev"}""", By.Low),
        ("shutdown_vm", "proxmox_shutdown_vm", """{"vm":"dev"}""", By.Low),
        ("reboot_vm", "proxmox_reboot_vm", """{"vm":"dev"}""", By.Low)).Select(static a => Attempt.Call(Older, $"It calls {a.Alias}", a.Alias, a.Arguments, "LevelTooLow", $"denied mcp:{{me}} {a.Tool}") with { By = a.By });

    // Names that the seeds have: whether there is such a tool or not, nothing comes of them.
    private static IEnumerable<Attempt> Planned() => ((string[])
    [
        "delete_vm", "clone_vm", "create_snapshot", "delete_snapshot", "rollback_snapshot", "execute_vm_command", "create_container", "delete_container", "restart_container", "docker_compose_down",
        "docker_compose_up", "docker_write_compose", "deploy-with-intelligence", "execute-optimization-plan", "create-infrastructure-snapshot", "update-resource-dimensions", "opnsense_service_restart",
        "truenas_create_snapshot", "run_script", "ssh_execute", "approval_approve", "approval_deny", "mcp_allow_client",
    ]).Select(static n => Attempt.Call(Older, $"It calls {n}", n, Arguments, "Unknown tool|LevelTooLow|InputInvalid", "denied mcp:{me} "));

    private static IEnumerable<Attempt> LookAlikes() => Attempt.Rows<(string What, string Name)>(
        ("capital letters", "DOCKER_SET_LIMITS"),
        ("some capital letters", "Docker_Set_Limits"),
        ("a Cyrillic o", "d\u043ecker_set_limits"),
        ("a Turkish dotless i", "docker_set_l\u0131mits"),
        ("wide letters", "\uff44\uff4f\uff43\uff4b\uff45\uff52_set_limits"),
        ("a wide low line", "docker\uff3fset_limits"),
        ("a space of no width", "docker_set\u200b_limits"),
        ("a joiner of no width", "docker_set_limits\u200d"),
        ("a soft hyphen", "docker_set_lim\u00adits"),
        ("a mark that turns the direction", "\u202edocker_set_limits"),
        ("a byte order mark", "\ufeffdocker_set_limits"),
        ("a combining mark", "docker_set_limits\u0332"),
        ("a space before it", " docker_set_limits"),
        ("a space behind it", "docker_set_limits "),
        ("a tab behind it", "docker_set_limits\t"),
        ("a line break behind it", "docker_set_limits\n"),
        ("NUL behind it", "docker_set_limits\0"),
        ("NUL and a harmless name", "docker_list_containers\0docker_set_limits"),
        ("the encoding of addresses", "docker%5Fset%5Flimits"),
        ("the encoding of HTML", "docker&#95;set&#95;limits"),
        ("an escape twice", "docker\\u005fset_limits"),
        ("dots", "docker.set.limits"),
        ("hyphens", "docker-set-limits"),
        ("a path", "docker_list_containers/../docker_set_limits"),
        ("a path upwards", "../docker_set_limits"),
        ("a second name behind a semicolon", "docker_list_containers;docker_set_limits"),
        ("a second name behind a comma", "docker_list_containers,docker_set_limits"),
        ("a second name behind a space", "docker_list_containers docker_set_limits"),
        ("a pattern", "docker_set_*"),
        ("a pattern of everything", "*"),
        ("the prefix of a client's configuration", "mcp__homelab__docker_set_limits"),
        ("a caller before it", "mcp:boss/docker_set_limits"),
        ("a level before it", "manage:docker_set_limits"),
        ("the cmdlet's name", "Set-HlContainer"),
        ("the class's name", "Homelab.Providers.Docker.SetContainerLimits"),
        ("the protocol's own word", "tools/call"),
        ("a word of JavaScript", "__proto__"),
        ("an expression", "{{ 'docker_set_limits' }}"),
        ("a command", "$(docker_set_limits)"),
        ("nothing", "")).Select(static n => Attempt.Call(Alike, $"It calls a tool with {n.What}", n.Name, Arguments, "Unknown tool", "denied mcp:{me} mcp_call"))
    .Append(new Attempt(Alike, "It calls a tool with a name of 900 KiB") { Act = static a => a.CallAsync(new string('x', 900 * 1024), Arguments), Answer = "Unknown tool|413|-32600", Leaves = "denied mcp:{me} mcp_" });

    private static IEnumerable<Attempt> NoText() => Attempt.Rows<(string What, string Name)>(
        ("a number", "7"), ("true", "true"), ("null", "null"), ("a list", """["docker_set_limits"]"""), ("an object", """{"name":"docker_set_limits"}""")).Select(static n => Attempt.Say(Alike, $"It calls a tool whose name is {n.What}", $$$"""{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{"name":{{{n.Name}}},"arguments":{{{Arguments}}}}}""", "\"error\"", "denied mcp:{me} "));
}
