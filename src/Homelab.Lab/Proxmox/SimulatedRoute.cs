namespace Homelab.Lab.Proxmox;

/// <summary>One entry of the API: what it is called, takes, demands and gives.</summary>
public sealed record SimulatedRoute
{
    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The path below <c>/api2/json</c>: <c>/nodes/{node}/qemu/{vmid}/status/start</c>.</summary>
    public required string Template { get; init; }

    /// <summary>Every parameter, those of the path too.</summary>
    public IReadOnlyList<SimulatedParameter> Parameters { get; init; } = [];

    /// <summary>Who may call it; null for root alone.</summary>
    public SimulatedRights? Permission { get; init; }

    /// <summary>The JSON type of <c>data</c>: <c>null</c>, <c>string</c>, <c>array</c>, <c>object</c>, <c>integer</c>, <c>any</c>.</summary>
    public string Returns { get; init; } = "null";

    /// <summary>False for what wants a ticket.</summary>
    public bool AllowsToken { get; init; } = true;

    /// <summary>True when the node of the path answers, whoever was asked.</summary>
    public bool ProxiedToNode { get; init; }

    /// <summary>What is done; it runs while the cluster stands still.</summary>
    internal Func<ProxmoxCall, ProxmoxAnswer> Handle { get; init; } = static _ => ProxmoxAnswer.Nothing;

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Template}";

    /// <summary>Declares one. Parameters of the path are declared by their well-known names when they are not among <paramref name="parameters"/>.</summary>
    internal static SimulatedRoute Of(
        string method,
        string template,
        SimulatedRights? permission,
        string returns,
        Func<ProxmoxCall, ProxmoxAnswer> handle,
        params IReadOnlyList<SimulatedParameter> parameters)
    {
        var inPath = template.Split('/').Where(static s => s.StartsWith('{')).Select(static s => s.Trim('{', '}'))
            .Where(name => parameters.All(p => p.Name != name)).Select(PathParameters.Of);
        return new SimulatedRoute
        {
            Method = method,
            Template = template,
            Permission = permission,
            Returns = returns,
            Handle = handle,
            Parameters = [.. inPath, .. parameters],
            ProxiedToNode = template.StartsWith("/nodes/{node}/", StringComparison.Ordinal),
        };
    }
}
