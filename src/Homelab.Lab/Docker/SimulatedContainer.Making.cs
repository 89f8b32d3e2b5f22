namespace Homelab.Lab.Docker;

public sealed partial class SimulatedContainer
{
    /// <summary>What it was made from, and the networks it is in.</summary>
    internal EngineMake Made { get; }

    /// <summary>Gives it another name.</summary>
    internal void Rename(string name)
    {
        lock (_lock) Name = name;
        Tell("rename");
    }

    /// <summary>Ends it at once, as <c>docker rm --force</c> does before it removes it.</summary>
    internal void KillForRemoval()
    {
        if (Running) Kill(9);
    }
}
