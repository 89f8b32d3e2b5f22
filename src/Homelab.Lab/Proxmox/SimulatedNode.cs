using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Lab.Proxmox;

/// <summary>A node of the simulated cluster, with a listener of its own.</summary>
public sealed class SimulatedNode
{
    private const long Gibi = 1024L * 1024 * 1024;

    private readonly SimulatedProxmox _cluster;
    private readonly List<(ProxmoxFault Fault, int Left)> _faults = [];
    private readonly X509Certificate2 _certificate;
    private NodeListener? _listener;
    private int _port;

    internal SimulatedNode(SimulatedProxmox cluster, string name, int number, X509Certificate2 certificate)
    {
        _cluster = cluster;
        _certificate = certificate;
        Name = name;
        Number = number;
        StartedAt = cluster.Time.GetUtcNow();
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Where its API listens: <c>https://127.0.0.1:…</c>.</summary>
    public Uri Url => new($"https://127.0.0.1:{_port}");

    /// <summary>The fingerprint of its certificate: hex bytes with colons, as the API shows it.</summary>
    public string CertificateSha256 => string.Join(':', SHA256.HashData(_certificate.RawData).Select(static b => b.ToString("X2")));

    /// <summary>False for a node that is down: it refuses connections, and others answer 595 for it.</summary>
    public bool Online { get; private set; } = true;

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>Its processors.</summary>
    public int Cores { get; set; } = 8;

    /// <summary>Its memory in bytes.</summary>
    public long Memory { get; set; } = 64 * Gibi;

    /// <summary>The size of its root file system in bytes.</summary>
    public long RootSize { get; set; } = 100 * Gibi;

    /// <summary>What is used of its root file system, in bytes.</summary>
    public long RootUsed { get; set; } = 12 * Gibi;

    /// <summary>The part of its processors that it seems to use.</summary>
    public double CpuUsed { get; set; } = 0.05;

    /// <summary>Updates that wait for it: packages with their new versions.</summary>
    public IList<SimulatedUpdate> Updates { get; } = [];

    /// <summary>Its disks.</summary>
    public IList<SimulatedDisk> Disks { get; } = [];

    /// <summary>Its ZFS pools.</summary>
    public IList<SimulatedZpool> Zpools { get; } = [];

    /// <summary>The last command to reboot or shut down that it was given through the API; a test does the rest itself.</summary>
    public string? PowerCommand { get; internal set; }

    /// <summary>How often it was to be woken.</summary>
    public int WakeCalls { get; internal set; }

    internal int Number { get; }

    internal string Address => AddressOf(Number);

    internal string AccessPath => "/nodes/" + Name;

    /// <summary>Services that were started or stopped by hand, and whether they run.</summary>
    public IDictionary<string, bool> Services { get; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    internal Dictionary<string, string> Config { get; } = new(StringComparer.Ordinal);

    internal string CertificatePem => _certificate.ExportCertificatePem();

    internal X509Certificate2 Certificate => _certificate;

    /// <summary>Lets something go wrong with requests that are sent to it. The fault that was added first is used up first.</summary>
    public void Fail(ProxmoxFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_faults) _faults.Add((fault, fault.Times));
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Recover()
    {
        lock (_faults) _faults.Clear();
    }

    /// <summary>The node goes down: connections end, new ones are refused, its guests are unknown to the others.</summary>
    public async Task GoDownAsync()
    {
        Online = false;
        if (_listener is not { } listener) return;
        _listener = null;
        await listener.DisposeAsync();
    }

    /// <summary>The node is back, where it listened before, and its guests are as they were: it was out of reach, not off.</summary>
    public async Task ComeUpAsync(CancellationToken cancellationToken)
    {
        if (_listener is not null) return;
        _listener = await NodeListener.StartAsync(_certificate, _port, context => _cluster.Api.AnswerAsync(this, context), cancellationToken);
        _port = _listener.Port;
        Online = true;
    }

    internal static string AddressOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"192.168.100.{9 + number}");

    internal ProxmoxFault? TakeFault(string method, string path)
    {
        lock (_faults)
        {
            for (var i = 0; i < _faults.Count; i++)
            {
                var (fault, left) = _faults[i];
                if (!Wildcard.Matches(fault.Method, method) || !Wildcard.Matches(fault.Path, path)) continue;
                if (left == 1) _faults.RemoveAt(i);
                else if (left != int.MaxValue) _faults[i] = (fault, left - 1);
                return fault;
            }

            return null;
        }
    }

    internal async ValueTask EndAsync()
    {
        await GoDownAsync();
        _certificate.Dispose();
    }
}
