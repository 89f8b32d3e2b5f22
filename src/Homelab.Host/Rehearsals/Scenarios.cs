using Homelab.Lab.Dns;
using Homelab.Lab.Docker;
using Homelab.Lab.Services;
using Homelab.Lab.Tailscale;

namespace Homelab.Host.Rehearsals;

/// <summary>What each shipped runbook is rehearsed with.</summary>
internal static class Scenarios
{
    private const int DevGuest = 100;
    private const long AlmostAll = 15_800L * 1024 * 1024;
    private const string RestartGitea = "POST /containers/gitea/restart";
    private const string RestartDns = "POST /containers/adguardhome/restart";
    private const string SetGuest = "POST /nodes/*/qemu/100/config";
    private const string RestartProxy = "POST /containers/traefik/restart";

    private static readonly RehearsalFault[] s_onEngine =
    [
        RehearsalFault.None, RehearsalFault.Refuses, RehearsalFault.Hangs, RehearsalFault.Slow, RehearsalFault.Lies, RehearsalFault.FailsAgain,
        RehearsalFault.MonitorGone, RehearsalFault.Unseen, RehearsalFault.Duplicates, RehearsalFault.Killed,
    ];

    // What making a container anew takes, forth and back, once a person has agreed to it.
    private static readonly (string Change, int Times)[] s_makeAnew =
    [
        ("POST /containers/create", 1), ("POST /containers/*/rename", 4), ("POST /containers/*/stop", 4), ("POST /containers/*/start", 4), ("POST /networks/*/connect", 2), ("DELETE /containers/*", 2),
    ];

    private static readonly RehearsalFault[] s_asking = [.. s_onEngine, RehearsalFault.Denied, RehearsalFault.Expired];

    /// <summary>One at least for each shipped runbook.</summary>
    internal static IReadOnlyList<RehearsalScenario> All { get; } =
    [
        new("container-crash-recovery", "gitea", Down("Gitea"), static s => Gitea(s).Crash(), IsGiteaWell, May([(RestartGitea, 3), .. s_makeAnew]))
        {
            Faults = s_onEngine,
            Relapse = static s => Gitea(s).DieAfterStart(),
        },
        new("container-wont-start", "gitea", Down("Gitea"), static s => CrashForGood(Gitea(s)), IsGiteaWell, May([(RestartGitea, 3), .. s_makeAnew]))
        {
            Faults = [RehearsalFault.None, RehearsalFault.Duplicates, RehearsalFault.Slow, RehearsalFault.FailsAgain, RehearsalFault.Denied, RehearsalFault.Expired],
            First = "container-crash-recovery",
            Relapse = static s => s.Homelab.Engines["dev"].WhenMade += static made => made.DieAfterStart(),
        },
        new("container-wont-start", "gitea", Down("Gitea"), HostScenes.CrashOnFullDisk, static _ => false, May((RestartGitea, 3)))
        {
            Name = "container-wont-start (full disk)",
            Faults = [RehearsalFault.None, RehearsalFault.Duplicates, RehearsalFault.Slow],
            First = "container-crash-recovery",
            Basic = RehearsalVerdict.Escalated,
        },
        new("container-memory", "gitea", Short("gitea") with { Source = "docker" }, static s => Gitea(s).Leak(AlmostAll), HasGiteaMemory, May((RestartGitea, 2), ("POST /containers/gitea/update", 1)))
        {
            Faults = s_onEngine,
            Relapse = static s => Gitea(s).Leak(AlmostAll, again: true),
        },
        new("container-limits", "gitea", Short("gitea") with { Source = "docker" }, static s => Gitea(s).Leak(AlmostAll, again: true), HasGiteaMemory, May((RestartGitea, 2), ("POST /containers/gitea/update", 1)))
        {
            Faults = [RehearsalFault.None, RehearsalFault.Slow, RehearsalFault.Duplicates, RehearsalFault.Denied, RehearsalFault.Expired],
            First = "container-memory",
        },
        new("dns-outage", "dns", Down("AdGuard Home DNS"), static s => Dns(s).Crash(), IsDnsWell, May((RestartDns, 3)))
        {
            Faults = s_onEngine,
            Relapse = static s => Dns(s).DieAfterStart(),
        },
        new("dns-not-resolving", "dns", Down("AdGuard Home DNS"), static s => s.Homelab.Dns.Fault = DnsFault.ServFail, IsDnsWell, May((RestartDns, 1)))
        {
            Faults = [RehearsalFault.None, RehearsalFault.Refuses, RehearsalFault.Slow, RehearsalFault.Lies, RehearsalFault.FailsAgain, RehearsalFault.Unseen, RehearsalFault.Duplicates, RehearsalFault.Killed],
            First = "dns-outage",
            Relapse = static s => Dns(s).StateChanged += (_, _) => s.Homelab.Dns.Fault = DnsFault.ServFail,
        },
        new("tailscale-connectivity", "tailnet", Down("tailnet"), CutOff, static _ => false, May())
        {
            Faults = [RehearsalFault.None, RehearsalFault.Unseen, RehearsalFault.Duplicates],
            Basic = RehearsalVerdict.Escalated,
        },
        new("traefik-not-routing", "traefik", Down("Traefik"), static s => Proxy(s).Fault = ServiceFault.Garbage, IsProxyWell, May((RestartProxy, 2)))
        {
            Faults = [.. s_onEngine, RehearsalFault.OtherCause],
            Relapse = static s => s.Homelab.ContainerOf("traefik").StateChanged += (_, _) => Proxy(s).Fault = ServiceFault.Garbage,
            BreakOtherwise = static s => (Proxy(s).Fault, s.Cloudflare.Status) = (ServiceFault.Garbage, "disabled"),
        },
        new("resource-exhaustion", "dev", Short("dev"), FillGuest, HasGuestMemory, May((RestartGitea, 1), (SetGuest, 1)))
        {
            Faults = s_asking,
            Relapse = static s => Gitea(s).Leak(AlmostAll, again: true),
        },
        new("vm-more-memory", "dev", Short("dev"), FillGuestForGood, HasGuestMemory, May((RestartGitea, 1), (SetGuest, 1)))
        {
            Faults = [RehearsalFault.None, RehearsalFault.Denied, RehearsalFault.Expired, RehearsalFault.Duplicates],
            First = "resource-exhaustion",
            Basic = RehearsalVerdict.Escalated,
            OnHypervisor = true,
        },
        new("resource-pressure", "gitea", Short("gitea"), static s => Gitea(s).Leak(AlmostAll), HasGiteaMemory, May((RestartGitea, 1)))
        {
            Faults = s_onEngine,
            Relapse = static s => Gitea(s).Leak(AlmostAll, again: true),
        },
        new("resource-pressure", "dev", HostScenes.Disk("dev"), HostScenes.FillDisk, HostScenes.HasDisk, HostScenes.MayClear)
        {
            Name = "resource-pressure (disk)",
            Faults = s_onEngine,
            Relapse = static s => Gitea(s).FillLog(HostScenes.LargeLog, again: true),
            OnHost = true,
        },
        new("resource-pressure", "ai", Short("ai"), HostScenes.FillMemory, HostScenes.HasMemory, May(("POST /containers/open-webui/restart", 1)))
        {
            Name = "resource-pressure (machine)",
            Faults = s_onEngine,
            Relapse = HostScenes.LeakAgain,
            OnHost = true,
        },
        new("certificate-expiry", "site", new RehearsalAlert(AlertStatus.Certificate, "site"), static s => s.Site.Certificate = s.Authority.Issue(6), IsCertificateNew, May((RestartProxy, 1)))
        {
            Faults = [RehearsalFault.None, RehearsalFault.Refuses, RehearsalFault.Slow, RehearsalFault.Lies, RehearsalFault.FailsAgain, RehearsalFault.Unseen, RehearsalFault.Duplicates, RehearsalFault.Killed, RehearsalFault.Denied, RehearsalFault.Expired, RehearsalFault.OtherCause],
            Relapse = static s => s.Renews = false,
            BreakOtherwise = static s => (s.Site.Certificate, s.Cloudflare.Status) = (s.Authority.Issue(6), "expired"),
        },
        new("proxmox-guest-down", "dev", Down("dev"), static s => Guest(s).Crash(), static s => Guest(s).State == "running", May(("POST /nodes/*/qemu/100/status/start", 2)))
        {
            Faults = [RehearsalFault.None, RehearsalFault.Refuses, RehearsalFault.Hangs, RehearsalFault.Slow, RehearsalFault.Unseen, RehearsalFault.Duplicates, RehearsalFault.OtherCause],
            BreakOtherwise = static s =>
            {
                Guest(s).Crash();
                Guest(s).Config["lock"] = "backup";
            },
            OnHypervisor = true,
        },
    ];

    private static RehearsalAlert Down(string subject) => new(AlertStatus.Down, subject);

    private static RehearsalAlert Short(string subject) => new(AlertStatus.Pressure, subject) { Source = "alertmanager", Resource = "memory" };

    private static Dictionary<string, int> May(params (string Change, int Times)[] changes) => changes.ToDictionary(static c => c.Change, static c => c.Times, StringComparer.Ordinal);

    private static SimulatedContainer Gitea(RehearsalStage stage) => stage.Homelab.ContainerOf("gitea");

    private static SimulatedContainer Dns(RehearsalStage stage) => stage.Homelab.ContainerOf("dns");

    private static SimulatedService Proxy(RehearsalStage stage) => stage.Homelab.ServiceOf("traefik");

    private static Homelab.Lab.Proxmox.SimulatedGuest Guest(RehearsalStage stage) => stage.Homelab.Proxmox.Guest(DevGuest);

    private static long GuestMemory(RehearsalStage stage) => long.Parse(Guest(stage).Config["memory"], System.Globalization.CultureInfo.InvariantCulture) * 1024 * 1024;

    internal static void CrashForGood(SimulatedContainer container)
    {
        container.WriteLog("panic: cannot read /data/app.ini", LogSource.Error);
        container.DieAfterStart();
        container.Crash();
    }

    private static void CutOff(RehearsalStage stage)
    {
        stage.Homelab.ContainerOf("redis").Stop();
        stage.Tailscale.Body = SimulatedTailscale.Status("Running", SimulatedTailscale.Peer("dev", "100.64.0.9", online: false)).ToJsonString();
    }

    // What a container on the machine takes, the machine lacks.
    private static void FillGuest(RehearsalStage stage)
    {
        Gitea(stage).Leak(AlmostAll);
        Guest(stage).MemoryUsed = GuestMemory(stage) * 95 / 100;
        Gitea(stage).StateChanged += (_, _) =>
        {
            if (Gitea(stage).MemoryUsed < AlmostAll) Guest(stage).MemoryUsed = GuestMemory(stage) / 2;
        };
    }

    private static void FillGuestForGood(RehearsalStage stage)
    {
        FillGuest(stage);
        Gitea(stage).Leak(AlmostAll, again: true);
    }

    private static bool IsGiteaWell(RehearsalStage stage) => Gitea(stage).Running && stage.Homelab.ServiceOf("gitea").Fault == ServiceFault.None;

    private static bool HasGiteaMemory(RehearsalStage stage) => IsGiteaWell(stage) && Gitea(stage).MemoryUsed < (Gitea(stage).Limits.Memory > 0 ? Gitea(stage).Limits.Memory : AlmostAll) * 0.9;

    private static bool IsDnsWell(RehearsalStage stage) => Dns(stage).Running && stage.Homelab.Dns.Fault == DnsFault.None;

    private static bool IsProxyWell(RehearsalStage stage) => stage.Homelab.ContainerOf("traefik").Running && Proxy(stage).Fault == ServiceFault.None;

    private static bool HasGuestMemory(RehearsalStage stage) => Guest(stage).State == "running" && Guest(stage).MemoryUsed < GuestMemory(stage) * 0.9;

    private static bool IsCertificateNew(RehearsalStage stage) => stage.Site.Certificate!.NotAfter > TimeProvider.System.GetLocalNow().DateTime.AddDays(21);
}
