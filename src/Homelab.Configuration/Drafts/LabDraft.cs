namespace Homelab.Configuration;

/// <summary>A first lab: as much as can be asked or found out, to be written as a file that people go on with.</summary>
public sealed record LabDraft
{
    /// <summary>The lab's name.</summary>
    public required string Name { get; init; }

    /// <summary>The machines.</summary>
    public IReadOnlyList<DraftHost> Hosts { get; init; } = [];

    /// <summary>Where Uptime Kuma is; null for none.</summary>
    public DraftKuma? Kuma { get; init; }

    /// <summary>The bot that tells people; null for none.</summary>
    public DraftTelegram? Telegram { get; init; }

    /// <summary>The token that alerts must show at <c>/hooks/uptime-alert</c>; null for no hook.</summary>
    public SecretReference? HookToken { get; init; }

    /// <summary>The services.</summary>
    public IReadOnlyList<DraftService> Services { get; init; } = [];

    /// <summary>What needs two confirmations before it is touched: <c>traefik@infra</c>.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];
}

/// <summary>A machine of a first lab.</summary>
public sealed record DraftHost
{
    /// <summary>The name that references use after the @.</summary>
    public required string Name { get; init; }

    /// <summary>Its name or address in the network.</summary>
    public string Address { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Role { get; init; } = "";

    /// <summary>Where its Docker Engine listens: <c>ssh</c>, <c>unix:///…</c>, <c>tcp://…</c>, <c>npipe:…</c>; null for none.</summary>
    public string? Docker { get; init; }

    /// <summary>The account for SSH; null for no SSH.</summary>
    public string? SshUser { get; init; }

    /// <summary>The private key for SSH.</summary>
    public SecretReference? SshKey { get; init; }
}

/// <summary>Uptime Kuma in a first lab.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="ApiKey">Its API key.</param>
public sealed record DraftKuma(Uri Url, SecretReference? ApiKey);

/// <summary>Telegram in a first lab.</summary>
/// <param name="Token">The bot's token.</param>
/// <param name="Chat">The chat to write to.</param>
public sealed record DraftTelegram(SecretReference Token, SecretReference Chat);

/// <summary>A service of a first lab.</summary>
public sealed record DraftService
{
    // The lab file's own limit for names.
    private const int LongestName = 63;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The container that runs it.</summary>
    public ContainerRef? Container { get; init; }

    /// <summary>Its monitor in Uptime Kuma, when that is not its name.</summary>
    public string? Monitor { get; init; }

    /// <summary>An address that answers while it works.</summary>
    public Uri? Http { get; init; }

    /// <summary>The service that a container runs, under the container's name.</summary>
    public static DraftService Of(Container container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var reference = new ContainerRef(container);
        return new DraftService { Name = reference.Name[..Math.Min(reference.Name.Length, LongestName)], Container = reference };
    }
}
