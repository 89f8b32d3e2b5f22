namespace Homelab.Providers.Ssh;

/// <summary>Units as the gate's targets.</summary>
internal static class UnitTarget
{
    internal static Target Of(UnitRef unit, string host) => new("unit", unit.Name, host);
}
