using Homelab.Lab.OpnSense;
using Homelab.Providers.OpnSense;
using Homelab.Tests;
using Homelab.UnitTests.Providers.Docker;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.OpnSense;

/// <summary>A simulated OPNsense, a lab that names it, and a gate before the operations.</summary>
internal sealed class OpnSenseBench : IAsyncDisposable
{
    internal const string Key = "w86XNZob/8Oq8aC5r0kbNarNtdpoQU781fyoeaOBQsBwkXUt";
    internal const string Secret = "XeD26XVrJ5ilAc/EmglCRC+0j2e57tRsjHwFepOseySWLM53pJASeTA3";

    private OpnSenseBench()
    {
    }

    internal required SimulatedOpnSense Firewall { get; init; }

    internal required ApplianceDesk Desk { get; init; }

    internal required TraceLog Trace { get; init; }

    internal static async Task<OpnSenseBench> StartAsync(bool tls = false, Func<OpnSenseSettings, OpnSenseSettings>? change = null)
    {
        var firewall = await SimulatedOpnSense.StartAsync(Key, Secret, tls);
        var settings = new OpnSenseSettings
        {
            Url = firewall.Url,
            Key = Reference("KEY"),
            Secret = Reference("SECRET"),
            Tls = firewall.CertificateSha256 is { } pin ? new TlsDefinition { Sha256 = pin } : null,
        };
        return Of(firewall, change?.Invoke(settings) ?? settings);
    }

    internal static SecretReference Reference(string name) => SecretReference.Parse("env:" + name, null);

    internal Task<FirewallService> RestartAsync(string service) => Desk.ChangeAsync<FirewallService>("opnsense_service_restart", new { service, settle = "0s" });

    internal Task<HomelabException> RestartFailsAsync(string service, string timeout = "1s") => Desk.FailAsync("opnsense_service_restart", new { service, timeout, settle = "500ms" });

    internal async Task<FirewallStatus> StatusAsync() => Assert.Single(await Desk.QueryAsync<FirewallStatus>("opnsense_status"));

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Firewall.DisposeAsync();
    }

    private static OpnSenseBench Of(SimulatedOpnSense firewall, OpnSenseSettings settings)
    {
        var trace = new TraceLog();
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["opnsense"] = settings } };
        var secrets = new Secrets(("KEY", Key), ("SECRET", Secret), ("WRONG", "wrong-secret"));
        var provider = new OpnSenseProvider(new ProviderContext(lab, "/", secrets, new PatientTime()) { Trace = trace.Add });
        return new OpnSenseBench { Firewall = firewall, Desk = new ApplianceDesk(provider, new PatientTime()), Trace = trace };
    }
}
