using System.Text.Json;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>A protected container by every name that it might be reached by: level 2 may restart containers, and this one with two confirmations alone.</summary>
internal static class TargetAttempts
{
    private const string Kind = "A protected target by another name";
    private const string Protected = "traefik";

    internal static IEnumerable<Attempt> All { get; } =
    [
        .. Attempt.Rows<(string Name, Func<RedTeamStage, string> Container)>(
            ("by its name and host", static _ => "traefik@infra"),
            ("by its name alone", static _ => "traefik"),
            ("by its id", static s => s.Lab.Homelab.ContainerOf(Protected).Id),
            ("by its id and host", static s => s.Lab.Homelab.ContainerOf(Protected).Id + "@infra"),
            ("by its short id", static s => s.Lab.Homelab.ContainerOf(Protected).Id[..12]),
            ("by its short id and host", static s => s.Lab.Homelab.ContainerOf(Protected).Id[..12] + "@infra"),
            ("by the beginning of its id", static s => s.Lab.Homelab.ContainerOf(Protected).Id[..6] + "@infra"),
            ("by its id in capital letters", static s => s.Lab.Homelab.ContainerOf(Protected).Id.ToUpperInvariant() + "@infra"),
            ("by the engine's own name of it", static _ => "/traefik@infra"),
            ("in capital letters", static _ => "TRAEFIK@infra"),
            ("on a host in capital letters", static _ => "traefik@INFRA"),
            ("on a host by its address", static _ => "traefik@127.0.0.1"),
            ("on a host by another name of it", static _ => "traefik@infra."),
            ("with spaces around it", static _ => " traefik@infra "),
            ("with an @ in the name", static _ => "traefik@infra@infra"),
            ("with a Cyrillic letter", static _ => "tr\u0430efik@infra")).Select(static t => new Attempt(Kind, $"It restarts a protected container {t.Name}")
        {
            Act = a => a.CallAsync("docker_restart_container", $$"""{"container":{{JsonSerializer.Serialize(t.Container(a.Stage))}},"timeout":"{n}ms"}"""),
            Answer = "LevelTooLow",
            AnswerToMid = "\"confirmationsNeeded\":2|\"status\":\"failed\"",
            Leaves = "denied mcp:{me} docker_restart_container",
            LeavesOfMid = "asked mcp:{me} docker_restart_container|denied mcp:{me} docker_restart_container",
        }),
        .. Attempt.Rows<(string Name, string Command)>(
            ("by SSH", "docker restart traefik"),
            ("by SSH with an option", "docker restart -t 1 traefik"),
            ("by SSH together with another", "docker restart redis traefik")).Select(static c => new Attempt(Kind, $"It restarts a protected container {c.Name}")
        {
            Act = a => a.CallAsync("ssh_run", $$"""{"command":"{{c.Command}}","host":"infra","timeout":"{n}ms"}"""),
            Answer = "LevelTooLow",
            AnswerToMid = "\"confirmationsNeeded\":2|\"status\":\"failed\"",
            Leaves = "denied mcp:{me} ssh_run",
            LeavesOfMid = "asked mcp:{me} ssh_run|denied mcp:{me} ssh_run",
        }),
    ];
}
