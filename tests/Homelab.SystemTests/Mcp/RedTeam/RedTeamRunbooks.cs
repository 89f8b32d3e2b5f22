using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Runbooks that a client would like to have run for it.</summary>
internal static class RedTeamRunbooks
{
    internal static void Write(LabStage stage)
    {
        Write(stage, "rebuild", "manage", "{ id: act, do: docker_recreate_container, with: { container: redis@dev } }");
        Write(stage, "shrink", "manage", "{ id: act, do: docker_set_limits, with: { container: redis@dev, memory: 64MiB } }");
        Write(stage, "stopping", "operate", "{ id: act, do: docker_stop_container, with: { container: redis@dev } }");
        Write(stage, "by-value", "operate", "{ id: act, do: docker_stop_container, with: { container: \"{{ values.container }}\" } }");
        Write(stage, "make-a-key", "manage", "{ id: act, do: access_create_key, with: { name: stepped, level: manage } }");
    }

    private static void Write(LabStage stage, string name, string level, string step) => stage.Write($"runbooks/{name}.yaml", $$"""
        apiVersion: homelab/v1
        kind: Runbook
        metadata: { name: {{name}}, description: What a client would like to have run for it. }
        spec:
          level: {{level}}
          throttle: { cooldown: 0s, attempts: 1000, per: 1h }
          steps:
            - {{step}}
        """);
}
