namespace Homelab.Automation.Tapes;

/// <summary>Decides as the gate would, from files and the clock alone: no operation is ever run, prepared or asked to look.</summary>
internal sealed class PaperGate(OperationCatalog catalog, Decider decider, TimeProvider time)
{
    internal OperationCatalog Catalog => catalog;

    /// <summary>What level, matrix, targets, protection and windows say. What an operation would find out by looking at its target is not known.</summary>
    internal Task<GateOutcome.Planned> ExplainAsync(GateRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var operation = catalog.Find(request.Operation);
        var intent = operation.Describe(operation.Descriptor.Input.Bind(request.Json));
        var decision = decider.Decide(operation.Descriptor, intent.Target, request.Caller, time.GetUtcNow());
        if (operation.Descriptor.IsChange && request.AtLeast > decision.Verdict)
        {
            decision = Decision.Of([.. decision.Findings, new Finding(Rules.Caller, request.AtLeast, "the runbook wants a person to agree", "Approve it.")]);
        }

        return Task.FromResult(new GateOutcome.Planned(intent, decision));
    }
}
