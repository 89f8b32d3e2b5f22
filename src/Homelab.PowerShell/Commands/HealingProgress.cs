using Homelab.Automation.Healing;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Shows at the prompt what happens while healing.</summary>
internal static class HealingProgress
{
    internal static void Tell(CmdletPipeline pipeline, HealingEvent what)
    {
        var kind = HomelabNames.Of(what.Kind);
        pipeline.Report(new OperationProgress(what.Service.Length > 0 ? $"Healing {what.Service}" : "Running the runbook", $"{kind}: {what.Text}", Fraction: null));
        pipeline.Verbose($"{what.Service} {kind}: {what.Text}".TrimStart());
    }
}
