using Homelab.Automation.Healing;

namespace Homelab.Composition;

/// <summary>The operations that belong to no system that is talked to, but to this program itself.</summary>
public static class OwnOperations
{
    /// <summary>Makes them.</summary>
    public static IReadOnlyList<Operation> Create(HealingSwitch healing) => [new SuspendHealing(healing), new ResumeHealing(healing)];
}
