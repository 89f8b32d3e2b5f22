using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Shows what went wrong and what was done about it, on one level.</summary>
/// <remarks>At the prompt <c>Get-HlIncident</c>, which returns the records as they are kept.</remarks>
[Operation("heal_list_incidents", Level.Monitor, Risk.Read)]
[Description("Shows what went wrong in the lab, newest first: the service, where it stands, what was found out. With an id, or detailed, also its cause, steps and evidence.")]
[Example("Get-HlIncident -Open", "Show what is being worked on right now.")]
[Example("Get-HlIncident -Service gitea -Last 1 -Detailed", "Show the last incident of gitea with everything that was seen and done.")]
public sealed class ListIncidents(HouseDesk house) : Query<ListIncidents.Input, IncidentCase>
{
    /// <summary>Which ones.</summary>
    public sealed record Input
    {
        /// <summary>The one.</summary>
        [Subject, Description("The incident's id; it is told in detail. Those that fit the other fields when not given.")]
        public string? Id { get; init; }

        /// <summary>The service.</summary>
        [NameOf("service"), Description("Only those of this service.")]
        public string? Service { get; init; }

        /// <summary>Only what is not closed.</summary>
        [Description("Only those that are not closed.")]
        public bool Open { get; init; }

        /// <summary>How far back.</summary>
        [DurationRange("1s", "3650d"), Description("Only those opened within this time, such as 7d.")]
        public TimeSpan? Since { get; init; }

        /// <summary>At most so many.</summary>
        [Range(1, 200), Description("At most so many, the newest.")]
        public int Last { get; init; } = 20;

        /// <summary>Members too.</summary>
        [Description("True to list also those that are members of another, which comes from the same root. With a service they are listed anyhow.")]
        public bool IncludeMember { get; init; }

        /// <summary>With all that belongs to it.</summary>
        [Description("True to tell also members, cause, steps and evidence.")]
        public bool Detailed { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<IncidentCase> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (input.Id is { } id)
        {
            yield return await house.Store.FindIncidentReportAsync(id, cancellationToken).ConfigureAwait(false) is { } found
                ? IncidentCase.Of(found)
                : throw new HomelabException(ErrorKind.NotFound, "IncidentNotFound", $"There is no incident '{id}'. Leave the id out to list them.", id);
            yield break;
        }

        var filter = new IncidentFilter
        {
            Service = input.Service,
            OnlyOpen = input.Open,
            OnlyRoots = input.Service is null && !input.IncludeMember,
            Since = input.Since is { } age ? context.Time.GetUtcNow() - age : null,
            Most = input.Last,
        };
        foreach (var incident in await house.Store.ListIncidentsAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            yield return input.Detailed ? IncidentCase.Of(await house.Store.ReportAsync(incident, cancellationToken).ConfigureAwait(false)) : IncidentCase.Of(incident);
        }
    }
}
