namespace Homelab.Lab.Docker;

/// <summary>How a simulated engine is set up.</summary>
public sealed record SimulatedDockerEngineOptions
{
    /// <summary>The socket to listen on. One in the temporary folder when neither this nor <see cref="Port"/> is given.</summary>
    public string? SocketPath { get; init; }

    /// <summary>The port on 127.0.0.1 to listen on; 0 for any that is free.</summary>
    public int? Port { get; init; }

    /// <summary>The newest API version it speaks.</summary>
    public string ApiVersion { get; init; } = "1.51";

    /// <summary>The oldest API version it speaks. Engine 29 has 1.44.</summary>
    public string MinApiVersion { get; init; } = "1.24";

    /// <summary>The engine version it claims.</summary>
    public string EngineVersion { get; init; } = "28.2.2";

    /// <summary>True for an engine that runs without root's rights.</summary>
    public bool Rootless { get; init; }

    /// <summary>Where it keeps its data, as it says.</summary>
    public string DataRoot { get; init; } = "/var/lib/docker";

    /// <summary>The memory of its machine, in bytes: what containers without a limit may use.</summary>
    public long MachineMemory { get; init; } = 8L << 30;

    /// <summary>What it warns of whenever limits are set, such as that its kernel does not count swap; null for nothing.</summary>
    public string? UpdateWarning { get; init; }

    /// <summary>The clock of its containers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
