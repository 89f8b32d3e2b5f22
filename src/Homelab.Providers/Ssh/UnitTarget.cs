namespace Homelab.Providers.Ssh;

/// <summary>Units as the gate's targets.</summary>
internal static class UnitTarget
{
    internal static Target Of(UnitRef unit, string host) => new("unit", unit.Name, host);

    /// <summary>The host that is meant: by the unit, or by the field beside it.</summary>
    /// <exception cref="InputException">Both say one, and not the same.</exception>
    internal static string? Host(UnitRef unit, string? host)
    {
        if (unit.Host is null || host is null || string.Equals(unit.Host, host, StringComparison.OrdinalIgnoreCase)) return host ?? unit.Host;
        throw new InputException([new InputProblem("host", host, $"contradicts the unit '{unit}'", "Give the host once.")]);
    }
}
