using Homelab.Lab.TrueNas;
using Homelab.Providers.TrueNas;
using Homelab.Tests;
using Homelab.UnitTests.Providers.Docker;

namespace Homelab.UnitTests.Providers.TrueNas;

/// <summary>A simulated TrueNAS, a lab that names it, and a gate before the operations.</summary>
internal sealed class TrueNasBench : IAsyncDisposable
{
    internal const string User = "homelab";
    internal const string Key = "1-uz8DhKHFhRIUQIvjzabPYtpy5wf1DJ3ZBLlDgNVhRAFT7Y6pJGUlm0n3apwxWEU4";

    private TrueNasBench()
    {
    }

    internal required SimulatedTrueNas Nas { get; init; }

    internal required ApplianceDesk Desk { get; init; }

    internal required TraceLog Trace { get; init; }

    internal static async Task<TrueNasBench> StartAsync(TrueNasRelease release = TrueNasRelease.V2510, bool tls = false, Func<TrueNasSettings, TrueNasSettings>? change = null, TimeProvider? time = null)
    {
        var nas = await SimulatedTrueNas.StartAsync(User, Key, release, tls);
        var settings = new TrueNasSettings
        {
            Url = nas.Url,
            User = User,
            ApiKey = Reference("KEY"),
            Tls = nas.CertificateSha256 is { } pin ? new TlsDefinition { Sha256 = pin } : null,
        };
        var trace = new TraceLog();
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["truenas"] = change?.Invoke(settings) ?? settings } };
        var secrets = new Secrets(("KEY", Key), ("WRONG", "2-" + new string('a', 64)), ("NONSENSE", "password"));
        var provider = new TrueNasProvider(new ProviderContext(lab, "/", secrets, time ?? new PatientTime()) { Trace = trace.Add });
        return new TrueNasBench { Nas = nas, Desk = new ApplianceDesk(provider, time ?? new PatientTime()), Trace = trace };
    }

    internal static SecretReference Reference(string name) => SecretReference.Parse("env:" + name, null);

    internal async Task<NasStatus> StatusAsync() => Assert.Single(await Desk.QueryAsync<NasStatus>("truenas_status"));

    internal Task<DatasetSnapshot> SnapshotAsync(string dataset, string name, bool recursive = false) => Desk.ChangeAsync<DatasetSnapshot>("truenas_create_snapshot", new { dataset, name, recursive });

    internal Task<HomelabException> SnapshotFailsAsync(string dataset, string name, bool recursive = false) => Desk.FailAsync("truenas_create_snapshot", new { dataset, name, recursive });

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Nas.DisposeAsync();
    }
}
