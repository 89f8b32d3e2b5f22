namespace Homelab.Providers.Ssh;

/// <summary>What the lab's machines tell of themselves and do, whatever the way to them is.</summary>
/// <param name="context">The lab, and the way to its machines.</param>
public sealed class HostProvider(ProviderContext context) : Provider
{
    /// <inheritdoc/>
    public override string Name => "host";

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; } =
    [
        new ReadSystem(context.Remote),
        new MeasureDisks(context.Remote),
        new MeasureMemory(context.Remote),
        new ListProcesses(context.Remote),
        new ListMounts(context.Remote),
        new ListUpdates(context.Remote),
        new ListUnits(context.Remote),
        new ReadUnit(context.Remote),
        new ReadJournal(context.Remote),
        new RestartUnit(context),
        new RebootHost(context.Remote),
    ];
}
