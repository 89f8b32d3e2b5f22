using Homelab.Automation.Healing;
using Homelab.Automation.Notifications;

namespace Homelab.Composition;

/// <summary>The operations that belong to no system that is talked to, but to this program itself.</summary>
public static class OwnOperations
{
    /// <summary>Makes them.</summary>
    public static IReadOnlyList<Operation> Create(HealingSwitch healing, NoticePost post) => [new ReadHealing(healing), new SuspendHealing(healing), new ResumeHealing(healing), new SendNotification(post)];
}
