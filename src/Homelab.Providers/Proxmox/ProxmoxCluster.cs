namespace Homelab.Providers.Proxmox;

/// <summary>The Proxmox VE cluster of the lab, or its one node: what every operation works through.</summary>
public sealed class ProxmoxCluster : IDisposable
{
    private readonly ProxmoxWire? _wire;
    private readonly Uri? _url;
    private readonly VmDirectory? _vms;
    private readonly TaskFollower? _tasks;
    private readonly NodeDirectory? _nodes;
    private readonly StorageDirectory? _storages;

    /// <summary>Reads where it is; connects to nothing. Without settings only what asks it says that it is not configured.</summary>
    public ProxmoxCluster(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Secrets = context.Secrets;
        if (context.Settings<ProxmoxSettings>(ProxmoxProvider.Key) is not { } settings) return;
        _url = settings.Url;
        _wire = new ProxmoxWire(settings, context);
        _vms = new VmDirectory(_wire);
        _tasks = new TaskFollower(_wire);
        _nodes = new NodeDirectory(_wire);
        _storages = new StorageDirectory(_wire);
    }

    /// <summary>True when the lab file says where it is.</summary>
    internal bool IsConfigured => _wire is not null;

    /// <summary>Where people find its pages.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxNotConfigured</c> (NotFound).</exception>
    internal Uri Url => _url ?? throw NotConfigured();

    /// <summary>Opens the secrets that go into a guest.</summary>
    internal ISecretSource Secrets { get; }

    /// <summary>The API.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxNotConfigured</c> (NotFound).</exception>
    internal ProxmoxWire Wire => _wire ?? throw NotConfigured();

    /// <summary>The guests.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxNotConfigured</c> (NotFound).</exception>
    internal VmDirectory Vms => _vms ?? throw NotConfigured();

    /// <summary>The tasks.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxNotConfigured</c> (NotFound).</exception>
    internal TaskFollower Tasks => _tasks ?? throw NotConfigured();

    /// <summary>The nodes.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxNotConfigured</c> (NotFound).</exception>
    internal NodeDirectory Nodes => _nodes ?? throw NotConfigured();

    /// <summary>The storages.</summary>
    /// <exception cref="HomelabException"><c>ProxmoxNotConfigured</c> (NotFound).</exception>
    internal StorageDirectory Storages => _storages ?? throw NotConfigured();

    /// <inheritdoc/>
    public void Dispose() => _wire?.Dispose();

    private static HomelabException NotConfigured() => new(
        ErrorKind.NotFound,
        "ProxmoxNotConfigured",
        "The lab file does not say where Proxmox is. Set providers.proxmox: { url: \"https://pve:8006\", token: \"env:PROXMOX_TOKEN\" }, or the variables PROXMOX_HOST, PROXMOX_TOKEN_ID and PROXMOX_TOKEN_SECRET.")
    { NothingHappened = true };
}
