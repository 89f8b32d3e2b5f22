using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Shows the audit without its hashes.</summary>
/// <remarks>At the prompt <c>Get-HlAudit</c>.</remarks>
[Operation("audit_list", Level.Monitor, Risk.Read)]
[Description("Shows the audit, oldest line first: who did what to what, what was decided and why, and how it ended.")]
[Example("Get-HlAudit", "Show the last 50 lines.")]
[Example("Get-HlAudit -Target '*gitea@dev' -Kind Outcome, Denied -Since 1d", "Show what was done to gitea within a day, and what was refused.")]
public sealed class ListAudit(HouseDesk house) : Query<ListAudit.Input, AuditLine>
{
    /// <summary>Which lines.</summary>
    public sealed record Input
    {
        /// <summary>The operation.</summary>
        [Subject, NameOf("operation"), Description("Only lines of this operation; * and ? stand for any text and any character.")]
        public string? Operation { get; init; }

        /// <summary>The target.</summary>
        [Description("Only lines about this target, such as container:gitea@dev; * and ? stand for any text and any character.")]
        public string? Target { get; init; }

        /// <summary>Who.</summary>
        [Description("Only lines of this caller or approver, such as mcp:claude or *:anna; * and ? stand for any text and any character.")]
        public string? By { get; init; }

        /// <summary>The run or incident.</summary>
        [Description("Only lines on behalf of this run of a runbook, or of this incident, by its id.")]
        public string? Run { get; init; }

        /// <summary>The kinds.</summary>
        [Description("Only lines of these kinds.")]
        public IReadOnlyList<AuditKind> Kind { get; init; } = [];

        /// <summary>How far back.</summary>
        [DurationRange("1s", "3650d"), Description("Only lines written within this time, such as 1d.")]
        public TimeSpan? Since { get; init; }

        /// <summary>Before which line.</summary>
        [Range(1, int.MaxValue), Description("Only lines before this one, by its sequence: to go further back than an answer reached.")]
        public int? Before { get; init; }

        /// <summary>At most so many.</summary>
        [Range(1, 200), Description("At most so many lines, the newest that fit.")]
        public int Last { get; init; } = 50;
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<AuditLine> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var oldest = input.Since is { } age ? context.Time.GetUtcNow() - age : DateTimeOffset.MinValue;
        var newest = new Queue<AuditLine>();
        await foreach (var entry in house.Store.ReadAuditAsync(1, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Sequence >= input.Before) break;
            var line = AuditLine.Of(entry);
            if (line.Time < oldest || !Fits(input, line)) continue;
            if (newest.Count == input.Last) newest.Dequeue();
            newest.Enqueue(line);
        }

        foreach (var line in newest) yield return line;
    }

    private static bool Fits(Input input, AuditLine line) =>
        (input.Operation is null || Wildcard.Matches(input.Operation, line.Operation))
        && (input.Target is null || Wildcard.Matches(input.Target, line.Target))
        && (input.By is null || Wildcard.Matches(input.By, line.By))
        && (input.Run is null || line.Run == input.Run || line.Incident == input.Run)
        && (input.Kind.Count == 0 || input.Kind.Contains(line.Kind));
}
