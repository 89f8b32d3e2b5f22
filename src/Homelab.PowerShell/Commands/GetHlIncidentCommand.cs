using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Binding;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Shows what went wrong, and what was done about it.</summary>
[Cmdlet(VerbsCommon.Get, "HlIncident", DefaultParameterSetName = ListParameterSet)]
[OutputType(typeof(Incident), typeof(IncidentReport))]
[Description("Shows what went wrong, newest first: the service, where it stands, what was found out. With -Detailed also its alerts, runs, steps and evidence.")]
[Example("Get-HlIncident -Open", "Show what is being worked on right now.")]
[Example("Get-HlIncident -Open | Format-List", "Show where each failure comes from: what was considered, what was seen of it, and why it was or was not taken.")]
[Example("Get-HlIncident -Service gitea -Last 1 -Detailed", "Show the last incident of gitea with everything that was seen and done.")]
public sealed class GetHlIncidentCommand : LabCmdlet
{
    private const string ListParameterSet = "List";
    private const string IdParameterSet = "Id";
    private const int Usual = 100;

    /// <summary>The incident.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = IdParameterSet)]
    [ValidateNotNullOrEmpty]
    [Description("The incident's id.")]
    public string? Id { get; set; }

    /// <summary>The service.</summary>
    [Parameter(ParameterSetName = ListParameterSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [Description("Only those of this service.")]
    public string? Service { get; set; }

    /// <summary>Only what is not closed.</summary>
    [Parameter(ParameterSetName = ListParameterSet)]
    [Description("Only those that are not closed.")]
    public SwitchParameter Open { get; set; }

    /// <summary>How far back.</summary>
    [Parameter(ParameterSetName = ListParameterSet)]
    [DurationTransformation]
    [Description("Only those opened within this time, such as 7d.")]
    public TimeSpan? Since { get; set; }

    /// <summary>At most so many.</summary>
    [Parameter(ParameterSetName = ListParameterSet)]
    [ValidateRange(1, int.MaxValue)]
    [Description("At most so many, the newest. 100 when not given.")]
    public int Last { get; set; } = Usual;

    /// <summary>Members too.</summary>
    [Parameter(ParameterSetName = ListParameterSet)]
    [Description("Also returns those that are members of another, which comes from the same root. With -Service they are returned anyhow.")]
    public SwitchParameter IncludeMember { get; set; }

    /// <summary>With all that belongs to it.</summary>
    [Parameter]
    [Description("Returns each incident with its members, alerts, runs, steps and evidence.")]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (var incident in await FindAsync(cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteAsync(Detailed ? await Lab.Runtime.Store.ReportAsync(incident, cancellationToken).ConfigureAwait(false) : incident).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<Incident>> FindAsync(CancellationToken cancellationToken)
    {
        if (Id is not null)
        {
            return await Lab.Runtime.Store.FindIncidentAsync(Id, cancellationToken).ConfigureAwait(false) is { } found
                ? [found]
                : throw new HomelabException(ErrorKind.NotFound, "IncidentNotFound", $"There is no incident '{Id}'. Get-HlIncident lists them.", Id);
        }

        var since = Since is { } age ? Lab.Runtime.Time.GetUtcNow() - age : (DateTimeOffset?)null;
        return await Lab.Runtime.Store.ListIncidentsAsync(new IncidentFilter { Service = Service, OnlyOpen = Open, OnlyRoots = Service is null && !IncludeMember, Since = since, Most = Last }, cancellationToken).ConfigureAwait(false);
    }
}
