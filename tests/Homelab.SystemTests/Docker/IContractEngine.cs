namespace Homelab.SystemTests.Docker;

/// <summary>An engine, real or simulated, and the containers that the contract needs on it.</summary>
public interface IContractEngine : IAsyncDisposable
{
    /// <summary>Where it listens, as a lab file says it.</summary>
    string Endpoint { get; }

    /// <summary>Makes a container and starts it. Each has written its lines, and is healthy where it has a health check, when this returns.</summary>
    Task MakeAsync(string name, ContractContainer kind);

    /// <summary>Its process ends by itself with code 3.</summary>
    Task CrashAsync(string name);

    /// <summary>Its health check fails from now on.</summary>
    Task MakeIllAsync(string name);
}

/// <summary>What the contract needs.</summary>
public enum ContractContainer
{
    /// <summary>Runs, ends when it is asked to, and writes <c>err 0</c>, <c>out 0</c>, <c>err 1</c>, … up to 4; label <c>hl=contract</c>.</summary>
    Plain,

    /// <summary>The same on a terminal, to standard output only.</summary>
    Terminal,

    /// <summary>Has a health check.</summary>
    Checked,

    /// <summary>Writes one line of 40000 times <c>x</c>.</summary>
    LongLine,
}
