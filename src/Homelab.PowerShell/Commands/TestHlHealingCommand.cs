using System.ComponentModel;
using System.Management.Automation;
using Homelab.Automation.Tapes;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Plays a tape of alerts through the lab's rules, runbooks and policy, and says what healing would have done.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HlHealing")]
[OutputType(typeof(HealingForecast))]
[Description("Plays a tape of recorded alerts through the lab's rules, runbooks and policy in the tape's own time, and says of each incident what would have been done. Touches no system.")]
[Example("Test-HlHealing -Tape ./alerts.jsonl", "Say what healing would have done about recorded alerts.")]
[Example("Test-HlHealing ./alerts.jsonl | Where-Object Outcome -eq Escalated | Format-List", "Look at those that a person would have been told of.")]
public sealed class TestHlHealingCommand : LabCmdlet
{
    /// <summary>The tape.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [Description("The tape: a file of JSON lines, as server.tape in the lab file lets homelab write it.")]
    public string Tape { get; set; } = "";

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var path = await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(Tape)).ConfigureAwait(false);
        var result = await Lab.Runtime.NewReplay().PlayAsync(TapeReader.ReadAsync(path, cancellationToken), async incident => await pipeline.WriteAsync(incident).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        foreach (var line in result.Unreadable) await pipeline.WriteErrorAsync(new HomelabException(ErrorKind.Invalid, "TapeLineUnreadable", $"The tape {path} was played without {line}. Correct or remove that line.", path)).ConfigureAwait(false);
        var unmatched = result.Unmatched.Values.Sum();
        if (unmatched > 0) pipeline.Warn($"{unmatched} of {result.Alerts} alerts are about nothing that the lab file names, such as '{ForeignText.Clean(result.Unmatched.MaxBy(static u => u.Value).Key, 80)}'.");
    }
}
