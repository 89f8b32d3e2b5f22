using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using System.Text.Json;
using Homelab.PowerShell.Binding;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Operations;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Explains what the gate would decide now, with every rule that spoke. Nothing is done.</summary>
[Cmdlet(VerbsCommon.Get, "HlDecision")]
[OutputType(typeof(GateExplanation))]
[Description("Explains what the gate would decide about a call right now: allowed, to be asked for, or refused, with every rule that spoke and the way out. Nothing is done.")]
[Example("Get-HlDecision Restart-HlContainer gitea@dev", "Say whether you may restart a container here.")]
[Example("Get-HlDecision docker_stop_container traefik@infra -Face Mcp | Select-Object -ExpandProperty Findings", "Show every rule that speaks when an AI client wants to stop a container.")]
public sealed class GetHlDecisionCommand : LabCmdlet
{
    /// <summary>The operation: its name, an alias, or its cmdlet.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OperationNameCompleter))]
    [Description("The operation: its name, such as docker_restart_container, or its cmdlet, such as Restart-HlContainer.")]
    public string Operation { get; set; } = "";

    /// <summary>What it would act on.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [Description("What it would act on, as the cmdlet takes it: gitea@dev.")]
    public object? Target { get; set; }

    /// <summary>Further input.</summary>
    [Parameter]
    [Description("Further parameters of the call, as a hashtable: @{ timeout = '2m' }.")]
    public Hashtable? Parameter { get; set; }

    /// <summary>The way the call would come in.</summary>
    [Parameter]
    [Description("The way the call would come in: Interactive, Webhook, Schedule, Mcp or Rest. Your own when not given.")]
    public Face? Face { get; set; }

    /// <summary>Who would call.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("Who would call on that way, such as a hook's or a client's name. You when not given.")]
    public string? Identity { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var operation = Lab.Runtime.Catalog.Find(OperationCmdlets.ByCmdlet.GetValueOrDefault(Operation, Operation));
        var caller = Caller with { Face = Face ?? Caller.Face, Identity = Identity ?? Caller.Identity };
        var request = new GateRequest { Operation = operation.Descriptor.Name, Json = Input(operation.Descriptor.Input), Caller = caller };
        var planned = await Lab.Runtime.Gate.ExplainAsync(request, cancellationToken).ConfigureAwait(false);
        await pipeline.WriteAsync(new GateExplanation
        {
            Operation = operation.Descriptor.Name,
            Action = planned.Intent.Action,
            Target = planned.Intent.Target.Key,
            Caller = caller.ToString(),
            Verdict = planned.Decision.Verdict,
            Findings = planned.Decision.Findings,
        }).ConfigureAwait(false);
    }

    private JsonElement Input(InputShape shape)
    {
        var json = Argument.ToJson(Parameter);
        if (Target is not null)
        {
            var subject = shape.Subject ?? throw new InputException([new InputProblem("Target", Target.ToString(), "is given to an operation that acts on the lab as a whole", "Leave it out.")]);
            json[subject.Name] = Argument.Unwrap(Target).ToString();
        }

        return JsonSerializer.SerializeToElement(json);
    }
}
