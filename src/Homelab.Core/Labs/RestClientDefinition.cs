using System.ComponentModel;

namespace Homelab;

/// <summary>A program that may use the REST routes below <c>/api</c>.</summary>
public sealed record RestClientDefinition
{
    /// <summary>The bearer token that it must show, and by which it is known.</summary>
    [Description("The bearer token by which it is known: env:HOMELAB_DASHBOARD_TOKEN.")]
    public required SecretReference Token { get; init; }

    /// <summary>The most it may do. Never raises what <see cref="AccessPolicy.Rest"/> gives.</summary>
    [Description("The most it may do. access.rest limits it further.")]
    public Level Level { get; init; } = Level.Monitor;
}
