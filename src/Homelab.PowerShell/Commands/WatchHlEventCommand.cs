using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Tells what is done in the lab as it is done, by whatever process of this machine.</summary>
[Cmdlet(VerbsCommon.Watch, "HlEvent")]
[OutputType(typeof(AuditEntry))]
[Description("Tells what is done in the lab as it is done, until Ctrl+C: each line of the audit as it is written, by this session or by any other program that works on the same state.")]
[Example("Watch-HlEvent", "Watch everything from now on.")]
[Example("Watch-HlEvent -Last 20 | Where-Object Kind -ne Read", "Begin with the last 20 lines, and leave out what only looked.")]
public sealed class WatchHlEventCommand : LabCmdlet
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);

    /// <summary>How many lines of the past to begin with.</summary>
    [Parameter]
    [ValidateRange(0, 100_000)]
    [Description("How many of the last lines to begin with. None when not given.")]
    public int Last { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        // One line at the least, to know where the end is.
        var tail = await Lab.Runtime.Store.ReadAuditTailAsync(Math.Max(Last, 1), cancellationToken).ConfigureAwait(false);
        foreach (var line in tail.TakeLast(Last)) await pipeline.WriteAsync(line).ConfigureAwait(false);
        var next = tail is [.., var newest] ? newest.Sequence + 1 : 1;
        await foreach (var line in Lab.Runtime.Store.FollowAuditAsync(next, s_every, Lab.Runtime.Time, cancellationToken).ConfigureAwait(false)) await pipeline.WriteAsync(line).ConfigureAwait(false);
    }
}
