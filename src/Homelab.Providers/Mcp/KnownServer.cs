using System.Globalization;

namespace Homelab.Providers.Mcp;

/// <summary>One server of the lab file: how it is asked, and what this process last saw of its tools.</summary>
internal sealed class KnownServer : IDisposable
{
    private readonly McpServerSettings _settings;
    private readonly ProviderContext _context;
    private readonly ToolSorter _sorter;
    private readonly HttpPlace? _place;

    // A server is asked once at a time: however often somebody asks, its program runs once.
    private readonly SemaphoreSlim _turn = new(1);
    private volatile ToolsSeen? _seen;

    internal KnownServer(string name, McpServerSettings settings, ProviderContext context)
    {
        Name = name;
        _settings = settings;
        _context = context;
        _sorter = new ToolSorter(settings.Categories);
        Kind = settings.Url is not null ? McpServerKind.Http : settings.Command is not null ? McpServerKind.Stdio : McpServerKind.Health;
        // What stands behind a '?' may be a key.
        Address = (settings.Url ?? (settings.Command is null ? settings.Health : null))?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) ?? settings.Command ?? "";
        Faults = new McpFaults(name, Address);
        Objection = SettingsCheck.Objection(settings) is { } why ? Faults.Unusable(why) : null;
        if (Objection is not null) return;
        if (settings.Url is { } url) _place = new HttpPlace(url, settings, Faults, context, getsLogin: true);
        if (settings.Health is { } health) HealthPlace = new HttpPlace(health, settings, Faults, context, getsLogin: settings.Url is null || SettingsCheck.HaveOneOrigin(settings.Url, health));
    }

    internal string Name { get; }

    internal McpServerKind Kind { get; }

    /// <summary>Where it is asked, for people.</summary>
    internal string Address { get; }

    internal McpFaults Faults { get; }

    /// <summary>Why it cannot be asked at all; null where it can.</summary>
    internal HomelabException? Objection { get; }

    /// <summary>Where it tells whether it lives, if anywhere.</summary>
    internal HttpPlace? HealthPlace { get; }

    /// <summary>A way to speak MCP with it.</summary>
    internal IMcpWay NewWay() => _place is not null ? new HttpWay(_place) : new ProgramWay(_settings, Faults, _context);

    /// <summary>Asks it, and tells how it is. That it is not well is an answer.</summary>
    internal async Task<McpServerInfo> LookAsync(CancellationToken cancellationToken)
    {
        var visit = await VisitAsync(isThorough: false, cancellationToken).ConfigureAwait(false);
        var trouble = visit.Trouble;
        var seen = _seen;
        return new McpServerInfo
        {
            Name = Name,
            Kind = Kind,
            Address = Address,
            State = StateAfter(trouble),
            Detail = trouble is null ? Told(visit) : Faults.Brief(trouble),
            Error = trouble?.Id ?? "",
            Fix = trouble?.WayOut ?? "",
            Product = visit.Product,
            Version = visit.Version,
            Protocol = visit.Protocol,
            TotalTools = seen?.Tools.Count ?? 0,
            AvailableTools = trouble is null ? visit.Tools?.Count ?? 0 : 0,
            Categories = seen is null ? [] : _sorter.Sort(seen.Tools),
            ToolsSeenAt = seen?.At,
            Latency = trouble is null ? visit.Took : null,
        };
    }

    /// <summary>Asks it for everything that a client needs, one after the other.</summary>
    internal async Task<IReadOnlyList<McpServerCheck>> CheckAsync(CancellationToken cancellationToken)
    {
        var visit = await VisitAsync(isThorough: true, cancellationToken).ConfigureAwait(false);
        return
        [
            .. visit.Steps.Select(s => new McpServerCheck
            {
                Server = Name,
                Check = s.Name,
                Verdict = s.Verdict,
                Detail = s.Detail,
                Error = s.Trouble?.Id ?? "",
                Fix = s.Trouble?.WayOut ?? "",
                Latency = s.Latency,
            }),
        ];
    }

    public void Dispose()
    {
        _place?.Dispose();
        HealthPlace?.Dispose();
        _turn.Dispose();
    }

    private async Task<ServerVisit> VisitAsync(bool isThorough, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var visit = await new ServerVisitor(this, _context.Time, isThorough).VisitAsync(cancellationToken).ConfigureAwait(false);
            if (visit.Tools is { } tools) _seen = new ToolsSeen(tools, _context.Time.GetUtcNow());
            return visit;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static McpServerState StateAfter(HomelabException? trouble) => trouble?.Kind switch
    {
        null => McpServerState.Online,
        ErrorKind.Denied => McpServerState.Refused,
        ErrorKind.Unavailable => McpServerState.Offline,
        // That it is late, odd, or cannot even be asked tells nothing of it.
        _ => McpServerState.Unknown,
    };

    private string Told(ServerVisit visit) =>
        Kind == McpServerKind.Health ? $"it lives: {visit.Steps[^1].Detail}" : string.Create(CultureInfo.InvariantCulture, $"{(visit.Product.Length > 0 ? $"{visit.Product} {visit.Version}".TrimEnd() : "it answers")}; {visit.Tools!.Count} tools");

    private sealed record ToolsSeen(IReadOnlyList<McpTool> Tools, DateTimeOffset At);
}
