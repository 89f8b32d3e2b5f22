using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Netdata;

/// <summary>Lists the alarms of a Netdata agent.</summary>
/// <remarks>Netdata: <c>GET /api/v1/alarms</c>.</remarks>
[Operation("netdata_alarms", Level.Monitor, Risk.Read)]
[Description("Lists the alarms of a Netdata agent that are raised, or all of them, with their value and since when.")]
[Example("Get-HlNetdataAlarm", "List the alarms that are raised.")]
[Example("Get-HlNetdataAlarm *disk* -All", "List every alarm about disks, raised or not.")]
public sealed class ListAlarms : Query<ListAlarms.Input, NetdataAlarm>
{
    private readonly NetdataAgent? _agent;

    internal ListAlarms(NetdataAgent? agent) => _agent = agent;

    /// <summary>Which alarms.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject]
        [Description("The alarm's name; * and ? stand for any text and any character. Every alarm when not given.")]
        public string? Name { get; init; }

        /// <summary>Those not raised too.</summary>
        [Description("Those too that are not raised.")]
        public bool All { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List alarms", Target.Lab) : new Intent("List alarm", new Target("alarm", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<NetdataAlarm> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_agent is null) throw new HomelabException(ErrorKind.NotFound, "NetdataNotConfigured", "The lab file names no Netdata. Give providers: netdata: url.", NetdataNames.Provider);
        // That an alarm of this name is not raised is good news, no mistake.
        foreach (var alarm in await _agent.ListAlarmsAsync(input.All, cancellationToken).ConfigureAwait(false))
        {
            if (input.Name is null || Wildcard.Matches(input.Name, alarm.Name)) yield return alarm;
        }
    }
}
