using Homelab.Lab.Dns;
using Homelab.Lab.Services;

namespace Homelab.SystemTests.Faults;

/// <summary>Something that fails, how it is brought about, and by what it is seen to be well: the truth of the simulators, not what anybody says.</summary>
/// <param name="Name">As the matrix names it.</param>
/// <param name="Service">The service that is to be healed.</param>
/// <param name="Status">What a source says of it.</param>
/// <param name="Break">Brings it about.</param>
/// <param name="IsWell">Whether it is really well.</param>
/// <param name="MayChange">The changes that may be made for it, by method and path.</param>
internal sealed record FaultScenario(string Name, string Service, AlertStatus Status, Action<FaultStage> Break, Func<FaultStage, bool> IsWell, params string[] MayChange)
{
    private const int DevGuest = 100;
    private const long AlmostAll = 7_900L * 1024 * 1024;
    private const string RestartGitea = "POST /containers/gitea/restart";

    /// <summary>What is down with it, and told of too.</summary>
    internal IReadOnlyList<string> Dependents { get; init; } = [];

    internal static FaultScenario Crash { get; } = new("container crash", "gitea", AlertStatus.Down, static s => s.Container("gitea").Crash(137), IsGiteaWell, RestartGitea);

    internal static FaultScenario OutOfMemory { get; } = new("container killed for memory", "gitea", AlertStatus.Down, static s => s.Container("gitea").RunOutOfMemory(), IsGiteaWell, RestartGitea);

    internal static FaultScenario Memory { get; } = new(
        "container memory", "gitea", AlertStatus.Pressure, static s => s.Container("gitea").Leak(AlmostAll), static s => IsGiteaWell(s) && s.Container("gitea").MemoryUsed < AlmostAll, RestartGitea);

    internal static FaultScenario Stuck { get; } = new("service that hangs", "gitea", AlertStatus.Down, static s => s.Homelab.ServiceOf("gitea").Fault = ServiceFault.Hang, IsGiteaWell, RestartGitea);

    internal static FaultScenario Closed { get; } = new("service whose port is closed", "gitea", AlertStatus.Down, static s => s.Homelab.ServiceOf("gitea").Fault = ServiceFault.Refuse, IsGiteaWell, RestartGitea);

    internal static FaultScenario TooSlow { get; } = new(
        "service that is too slow", "gitea", AlertStatus.Down, static s => (s.Homelab.ServiceOf("gitea").Delay, s.Homelab.ServiceOf("gitea").Fault) = (TimeSpan.FromSeconds(5), ServiceFault.Slow), IsGiteaWell, RestartGitea);

    internal static FaultScenario StandardCrash { get; } = new(
        "crash of what may wait", "redis", AlertStatus.Down, static s => s.Container("redis").Crash(137), static s => s.Container("redis").Running, "POST /containers/redis/restart");

    internal static FaultScenario DnsSilent { get; } = new(
        "name server that never answers", "dns", AlertStatus.Down, static s => s.Homelab.Dns.Fault = DnsFault.Silence, static s => s.Homelab.Dns.Fault == DnsFault.None, "POST /containers/adguardhome/restart");

    internal static FaultScenario DnsOutage { get; } = new(
        "DNS outage with dependents", "dns", AlertStatus.Down, static s => s.Container("dns").Crash(1), static s => s.Container("dns").Running && s.Homelab.Dns.Fault == DnsFault.None, "POST /containers/adguardhome/restart")
    {
        Dependents = ["homepage", "code-server"],
    };

    internal static FaultScenario Certificate { get; } = new(
        "certificate", "site", AlertStatus.Certificate, static s => s.Site.Certificate = s.Authority.Issue(6), static s => s.Site.Certificate!.NotAfter > TimeProvider.System.GetLocalNow().DateTime.AddDays(21), "POST /containers/traefik/restart");

    internal static FaultScenario GuestDown { get; } = new(
        "guest down", "dev", AlertStatus.Down, static s => s.Homelab.Proxmox.Guest(DevGuest).Crash(), static s => s.Homelab.Proxmox.Guest(DevGuest).State == "running", "POST /nodes/*/qemu/100/status/start");

    internal static FaultScenario GuestDownAndAsked { get; } = GuestDown with { Name = "guest down; a person says yes to a restart", MayChange = [.. GuestDown.MayChange, "POST /nodes/*/qemu/100/status/reboot"] };

    internal static FaultScenario GuestMemory { get; } = new(
        "guest memory", "dev", AlertStatus.Pressure, FillGuest, static s => s.Homelab.Proxmox.Guest(DevGuest).MemoryUsed < GuestMemoryOf(s) * 0.9, RestartGitea);

    private static bool IsGiteaWell(FaultStage stage) => stage.Container("gitea").Running && stage.Homelab.ServiceOf("gitea").Fault == ServiceFault.None;

    private static long GuestMemoryOf(FaultStage stage) => long.Parse(stage.Homelab.Proxmox.Guest(DevGuest).Config["memory"], System.Globalization.CultureInfo.InvariantCulture) * 1024 * 1024;

    // What a container on the machine takes, the machine lacks.
    private static void FillGuest(FaultStage stage)
    {
        var (guest, gitea) = (stage.Homelab.Proxmox.Guest(DevGuest), stage.Container("gitea"));
        gitea.Leak(AlmostAll);
        guest.MemoryUsed = GuestMemoryOf(stage) * 95 / 100;
        gitea.StateChanged += (_, _) =>
        {
            if (gitea.MemoryUsed < AlmostAll) guest.MemoryUsed = GuestMemoryOf(stage) / 2;
        };
    }
}
