using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

/// <summary>A command to run: the body of <c>POST /containers/{id}/exec</c>.</summary>
internal sealed record ExecCreateWire
{
    public bool AttachStdout { get; init; } = true;

    public bool AttachStderr { get; init; } = true;

    public required IReadOnlyList<string> Cmd { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkingDir { get; init; }
}

/// <summary>How to run it: the body of <c>POST /exec/{id}/start</c>.</summary>
internal sealed record ExecStartWire
{
    public bool Detach { get; init; }

    public bool Tty { get; init; }
}

/// <summary>The answer to <c>POST /containers/{id}/exec</c>.</summary>
internal sealed record ExecCreatedWire
{
    public string? Id { get; init; }
}

/// <summary>The answer to <c>GET /exec/{id}/json</c>.</summary>
internal sealed record ExecWire
{
    public bool Running { get; init; }

    /// <summary>Null until it has ended.</summary>
    public int? ExitCode { get; init; }
}
