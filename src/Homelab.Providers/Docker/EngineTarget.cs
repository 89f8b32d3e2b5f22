namespace Homelab.Providers.Docker;

/// <summary>Engines as the gate's targets: each is its host's.</summary>
internal static class EngineTarget
{
    internal static Target Of(string host) => new("host", host);
}
