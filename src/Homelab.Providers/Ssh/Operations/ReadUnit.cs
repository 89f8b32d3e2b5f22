using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Shows how a unit of systemd is, why, and what it said last.</summary>
/// <remarks><c>systemctl show</c> and <c>journalctl --unit</c> over SSH. The command <c>systemctl status</c>.</remarks>
[Operation("host_unit_status", Level.Monitor, Risk.Read)]
[Description("Shows how a unit of systemd on a host is: state, since when, how it ended, its process, memory, restarts, files, and its last lines in the journal.")]
[Example("Get-HlUnit nginx dev", "Show one unit of one host.")]
[Example("Get-HlUnit ssh | Select-Object Host, State, Since", "Show one unit of every host.")]
public sealed class ReadUnit(IRemoteHosts hosts) : Query<ReadUnit.Input, HostUnitDetail>
{
    /// <summary>Which unit.</summary>
    public sealed record Input
    {
        /// <summary>The unit.</summary>
        [Subject, Description("The unit: nginx, which is nginx.service, or certbot.timer.")]
        public required UnitRef Unit { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given: those that do not have the unit are passed over.")]
        public string? Host { get; init; }

        /// <summary>How many lines.</summary>
        [Description("How many of its last lines in the journal."), Range(0, 1000)]
        public int Tail { get; init; } = 10;
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read unit", (input.Host ?? input.Unit.Host) is { } host && !Wildcard.IsPattern(host) ? UnitTarget.Of(input.Unit, host) : Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostUnitDetail> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var where = UnitTarget.Host(input.Unit, input.Host);
        var isOne = where is not null && !Wildcard.IsPattern(where);
        var found = false;
        await foreach (var unit in HostRound.AskAsync(hosts, where, AskAsync, cancellationToken).ConfigureAwait(false))
        {
            found = true;
            yield return unit;
        }

        if (found) yield break;
        throw HostErrors.Make(ErrorKind.NotFound, "UnitNotFound", $"No host has a unit '{input.Unit.Name}'.", "Run Get-HlUnit to list them.", input.Unit.Name);

        async Task<HostAnswer<HostUnitDetail>> AskAsync(string host, CancellationToken ending)
        {
            try
            {
                var lines = input.Tail.ToString(CultureInfo.InvariantCulture);
                var unit = UnitReader.ReadOne(await UnitReader.One.RunAsync(hosts, host, ending, input.Unit.Name, lines).ConfigureAwait(false));
                return unit.Load != "not-found" ? new HostAnswer<HostUnitDetail>([unit]) : isOne ? throw HostErrors.NoUnit(host, input.Unit.Name) : new HostAnswer<HostUnitDetail>([]);
            }
            catch (HomelabException e) when (e.Id == "SystemdNotFound" && !isOne)
            {
                // Whoever asks all hosts for a unit means those that can have one.
                return new HostAnswer<HostUnitDetail>([]);
            }
        }
    }
}
