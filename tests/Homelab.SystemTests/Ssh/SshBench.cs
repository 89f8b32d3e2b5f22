using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>Our client and a real sshd, which is the host <c>dev</c> of a lab.</summary>
internal sealed class SshBench : IAsyncDisposable
{
    /// <summary>As it is used, but that a busy machine may take its time over a login.</summary>
    internal static SshManner Patient { get; } = new() { ConnectTimeout = TimeSpan.FromMinutes(3) };

    private readonly List<SshHosts> _hosts = [];
    private readonly List<string> _trace = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlsb");

    private SshBench(Sshd sshd) => Sshd = sshd;

    internal Sshd Sshd { get; }

    /// <summary>What <c>-Verbose</c> would show.</summary>
    internal IReadOnlyList<string> Trace
    {
        get
        {
            lock (_trace) return [.. _trace];
        }
    }

    /// <summary>The folder of the lab file.</summary>
    internal string Folder => _folder.FullName;

    internal static Task<SshBench> StartAsync(params string[] settings) => StartAsync(static _ => [], settings);

    /// <summary>Starts it, its sessions with further variables, which may name its folder.</summary>
    internal static async Task<SshBench> StartAsync(Func<string, string[]> variables, params string[] settings)
    {
        Peer.Require("sshd", Sshd.WhyNot());
        var bench = new SshBench(new Sshd(settings));
        await bench.Sshd.StartAsync(variables(bench.Sshd.Folder));
        return bench;
    }

    /// <summary>A lab with this one host, as given.</summary>
    internal SshHosts Hosts(Func<HostDefinition, HostDefinition>? host = null, SshManner? manner = null, params string[] networks) =>
        Lab(new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = (host ?? (static h => h))(Sshd.Host()) }, manner, networks);

    /// <summary>A lab with these hosts.</summary>
    internal SshHosts Lab(IReadOnlyDictionary<string, HostDefinition> hosts, SshManner? manner = null, params string[] networks)
    {
        var lab = new LabDefinition { Hosts = hosts, Policy = new GatePolicy { Ssh = new SshPolicy { Networks = networks } } };
        var made = new SshHosts(
            new ProviderContext(lab, Folder, null!, TimeProvider.System)
            {
                Trace = line =>
                {
                    lock (_trace) _trace.Add(line);
                },
            },
            manner ?? Patient);
        _hosts.Add(made);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosts in _hosts) await hosts.DisposeAsync();
        await Sshd.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
