using Homelab.Automation.Healing;
using Homelab.Automation.House;
using Homelab.Automation.Notifications;
using Homelab.Composition.Access;
using Homelab.Composition.Procedures;

namespace Homelab.Composition;

/// <summary>The operations that belong to no system that is talked to, but to this program itself.</summary>
public static class OwnOperations
{
    /// <summary>Makes them.</summary>
    public static IReadOnlyList<Operation> Create(HealingSwitch healing, NoticePost post, HouseDesk house, AccessDesk access, ProcedureShelf procedures) =>
    [
        new ReadHealing(healing), new SuspendHealing(healing), new ResumeHealing(healing), new SendNotification(post),
        new ListIncidents(house), new ExplainDecision(house), new SetOffHealing(house),
        new ListRunbooks(house), new CheckRunbooks(house), new SetOffRunbook(house),
        new ListApprovals(house), new AwaitApproval(house),
        new ListAudit(house), new VerifyAudit(house),
        new ReadProcedures(procedures),
        new CreateApiKey(access), new ListApiKeys(access), new RevokeApiKey(access),
        new ListMcpClients(access), new RemoveMcpClient(access), new AllowMcpClient(access),
    ];
}
