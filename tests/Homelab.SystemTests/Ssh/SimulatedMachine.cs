using Homelab.Lab;
using Homelab.Lab.Hosts;

namespace Homelab.SystemTests.Ssh;

/// <summary>A host of the simulated homelab, behind the gate like a real one: over the system's own ssh.</summary>
internal sealed class SimulatedMachine : IAsyncDisposable
{
    private readonly SimulatedHomelab _homelab;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-sim-");

    private SimulatedMachine(SimulatedHomelab homelab)
    {
        _homelab = homelab;
        var key = Path.Combine(_folder.FullName, "key");
        File.WriteAllText(key, homelab.Tokens.Environment[SimulatedTokens.SshVariable]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Definition = new HostDefinition
        {
            Address = "127.0.0.1",
            Ssh = new SshDefinition { User = SimulatedHost.User, Port = Host.Port, HostKey = Host.HostKey, Key = SecretReference.Parse("file:" + key, provider: null), Sudo = true },
        };
        Machine = new HostMachine(Definition);
    }

    internal SimulatedHomelab Homelab => _homelab;

    internal SimulatedHost Host => _homelab.Hosts["dev"];

    internal HostDefinition Definition { get; }

    internal HostMachine Machine { get; }

    internal static async Task<SimulatedMachine> StartAsync() => new(await SimulatedHomelab.StartAsync(TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Machine.DisposeAsync();
        await _homelab.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
