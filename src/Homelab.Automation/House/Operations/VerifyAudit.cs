using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Proves that nobody changed the audit.</summary>
/// <remarks>At the prompt <c>Test-HlAudit</c>.</remarks>
[Operation("audit_verify", Level.Monitor, Risk.Read)]
[Description("Walks the audit's chain of hashes from its first line and says whether it holds, and where it is broken if not.")]
[Example("Test-HlAudit", "Say whether the audit is as it was written.")]
[Example("if (-not (Test-HlAudit -Quiet)) { throw 'The audit was changed.' }", "Use it as a check.")]
public sealed class VerifyAudit(HouseDesk house) : Query<VerifyAudit.Input, AuditVerdict>
{
    /// <summary>Nothing is asked for.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<AuditVerdict> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await AuditChain.VerifyAsync(house.Store.ReadAuditAsync(1, cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
