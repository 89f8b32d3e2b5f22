using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Binding;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Shows the audit: who did what to what, what was decided, and how it ended.</summary>
[Cmdlet(VerbsCommon.Get, "HlAudit")]
[OutputType(typeof(AuditEntry))]
[Description("Shows the audit, oldest line first: who did what to what, what was decided and why, and how it ended.")]
[Example("Get-HlAudit", "Show the last 50 lines.")]
[Example("Get-HlAudit -Target '*gitea@dev' -Kind Outcome, Denied -Since 1d", "Show what was done to gitea within a day, and what was refused.")]
public sealed class GetHlAuditCommand : LabCmdlet
{
    private const int Usual = 50;

    /// <summary>At most so many, the newest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Description("At most so many lines, the newest that fit. 50 when not given.")]
    public int Last { get; set; } = Usual;

    /// <summary>The operation.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OperationNameCompleter))]
    [Description("Only lines of this operation; * and ? stand for any text and any character.")]
    public string? Operation { get; set; }

    /// <summary>The target.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Description("Only lines about this target, such as container:gitea@dev; * and ? stand for any text and any character.")]
    public string? Target { get; set; }

    /// <summary>The kinds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("Only lines of these kinds: Read, Intent, Outcome, Denied, Asked, Answered, Settled.")]
    public AuditKind[]? Kind { get; set; }

    /// <summary>How far back.</summary>
    [Parameter]
    [DurationTransformation]
    [Description("Only lines written within this time, such as 1d.")]
    public TimeSpan? Since { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (var line in await ReadAsync(cancellationToken).ConfigureAwait(false)) await pipeline.WriteAsync(line).ConfigureAwait(false);
    }

    private async Task<IEnumerable<AuditEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        var store = Lab.Runtime.Store;
        if (Operation is null && Target is null && Kind is null && Since is null) return await store.ReadAuditTailAsync(Last, cancellationToken).ConfigureAwait(false);

        var oldest = Since is { } age ? Lab.Runtime.Time.GetUtcNow() - age : DateTimeOffset.MinValue;
        var newest = new Queue<AuditEntry>();
        await foreach (var line in store.ReadAuditAsync(1, cancellationToken).ConfigureAwait(false))
        {
            if (line.Time < oldest || !Fits(line)) continue;
            if (newest.Count == Last) newest.Dequeue();
            newest.Enqueue(line);
        }

        return newest;
    }

    private bool Fits(AuditEntry line) =>
        (Operation is null || Wildcard.Matches(Operation, line.Operation)) && (Target is null || Wildcard.Matches(Target, line.Target)) && (Kind is null || Kind.Contains(line.Kind));
}
