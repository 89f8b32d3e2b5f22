using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Homelab.Automation.House;

/// <summary>Explains to a caller what the gate would decide about a call of his own. Nothing is asked, written or done.</summary>
/// <remarks>At the prompt <c>Get-HlDecision</c>, which also explains for others.</remarks>
[Operation("heal_explain", Level.Monitor, Risk.Read)]
[Description("Explains what the gate would decide about a call of yours right now: done at once, to be approved by a person, or refused; with every rule that spoke and the way out. Nothing is asked or done.")]
[Example("Get-HlDecision Restart-HlContainer gitea@dev", "Say whether you may restart a container here.")]
[Example("Get-HlDecision docker_stop_container traefik@infra -Face Mcp", "Say what an AI client would need to stop a container.")]
public sealed class ExplainDecision(HouseDesk house) : Query<ExplainDecision.Input, GateExplanation>
{
    /// <summary>Which call.</summary>
    public sealed record Input
    {
        /// <summary>The operation.</summary>
        [Subject, NameOf("operation"), Description("The operation, by the name of its tool, such as docker_restart_container.")]
        public required string Operation { get; init; }

        /// <summary>Its input.</summary>
        [StringLength(100_000), Description("The arguments of the call as a JSON object in a text, such as {\"container\":\"gitea@dev\"}. None when not given.")]
        public string? With { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<GateExplanation> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var gate = house.Context.Gate;
        var operation = gate.Catalog.Find(input.Operation).Descriptor;
        using var json = JsonText.Parse("with", input.With);
        var planned = await gate.ExplainAsync(new GateRequest { Operation = operation.Name, Json = json.RootElement, Caller = context.Caller }, cancellationToken).ConfigureAwait(false);
        yield return new GateExplanation
        {
            Operation = operation.Name,
            Action = planned.Intent.Action,
            Target = planned.Intent.Target.Key,
            Caller = context.Caller.ToString(),
            Verdict = planned.Decision.Verdict,
            Findings = planned.Decision.Findings,
        };
    }
}
