using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Operations;
using Homelab.Providers.Ssh;

namespace Homelab.PowerShell.Commands;

/// <summary>Lists units, or looks at one. By hand, because it is the face of two operations: a list, and a unit by its name with its last lines.</summary>
[Cmdlet(VerbsCommon.Get, "HlUnit")]
[OutputType(typeof(HostUnit))]
[Description("Lists the units of systemd on hosts that are loaded, services when no other type is named; or shows one by its name, with its process, memory, restarts and last lines.")]
[Example("Get-HlUnit -Failed", "Find what has failed in the whole lab.")]
[Example("Get-HlUnit nginx dev", "Show one unit of one host.")]
[Example("Get-HlUnit 'docker*' dev -Type '*'", "List the units of Docker on one host, of every type.")]
public sealed class GetHlUnitCommand : QueryCmdlet
{
    /// <summary>The unit.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UnitNameCompleter))]
    [Description("The unit's name, such as nginx, which is nginx.service, or certbot.timer. With * and ? it lists all that fit.")]
    public string? Unit { get; set; }

    /// <summary>The host.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("HostName")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [Description("Only on this host, as the lab file names it; a pattern with * and ? is allowed. On all that can be logged in to when not given.")]
    public new string? Host { get; set; }

    /// <summary>What they do.</summary>
    [Parameter]
    [Description("Only those in this state.")]
    public UnitState? State { get; set; }

    /// <summary>Those that failed.</summary>
    [Parameter]
    [Description("Only those that failed, of every type.")]
    public SwitchParameter Failed { get; set; }

    /// <summary>The type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The type: service, timer, socket, mount, target, path and others; * for all. Services when not given and no suffix says otherwise.")]
    public string? Type { get; set; }

    /// <inheritdoc/>
    private protected override string OperationName => IsOne ? "host_unit_status" : "host_list_units";

    private bool IsOne => Unit is not null && !Wildcard.IsPattern(Unit) && State is null && !Failed && Type is null;

    /// <inheritdoc/>
    private protected override object ToInput()
    {
        if (!IsOne) return new ListUnits.Input { Unit = Unit, Host = Host, State = State, Failed = Failed, Type = Type };
        return UnitRef.TryParse(Unit, provider: null, out var unit)
            ? new ReadUnit.Input { Unit = unit, Host = Host }
            : throw new InputException([new InputProblem("Unit", $"'{ForeignText.Clean(Unit!, 80)}'", "is no name of a unit", "Give one such as nginx or certbot.timer, or a pattern with * and ?.")]);
    }
}
