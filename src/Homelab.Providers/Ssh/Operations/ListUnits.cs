using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Lists the units of systemd on hosts, and what they do.</summary>
/// <remarks><c>systemctl show</c> of a pattern, over SSH: the units that systemd has in memory, as <c>systemctl list-units --all</c> lists them.</remarks>
[Operation("host_list_units", Level.Monitor, Risk.Read)]
[Description("Lists the units of systemd on hosts that are loaded: services when no other type is named, with state, since when, and how they ended.")]
[Example("Get-HlUnit -Failed", "Find what has failed in the whole lab.")]
[Example("Get-HlUnit 'docker*' -Host dev -Type '*'", "List the units of Docker on one host, of every type.")]
public sealed class ListUnits(IRemoteHosts hosts) : Query<ListUnits.Input, HostUnit>
{
    /// <summary>Which units.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, NameOf("unit"), Description("The unit's name, with or without its suffix; a pattern with * and ? is allowed.")]
        public string? Unit { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("Only those of this host, as the lab file names it; a pattern with * and ? is allowed. All that can be logged in to when not given.")]
        public string? Host { get; init; }

        /// <summary>What they do.</summary>
        [Description("Only those in this state.")]
        public UnitState? State { get; init; }

        /// <summary>Those that failed.</summary>
        [Description("Only those that failed, of every type.")]
        public bool Failed { get; init; }

        /// <summary>The type.</summary>
        [Description("The type: service, timer, socket, mount, target, path, …; * for all. Services when not given and no suffix says otherwise."), RegularExpression("[a-z*?]+")]
        public string? Type { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List units", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostUnit> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (input is { Failed: true, State: not (null or UnitState.Failed) }) throw new InputException([new InputProblem("failed", "true", "contradicts 'state'", "Give one of the two.")]);
        var state = input.Failed ? UnitState.Failed : input.State;
        var type = input.Type ?? (input.Failed || HasSuffix(input.Unit) ? "*" : "service");
        await foreach (var unit in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return unit;

        async Task<HostAnswer<HostUnit>> AskAsync(string host, CancellationToken ending)
        {
            // Names are compared here: systemctl's own patterns know more marks than * and ?.
            var units = UnitReader.ReadList(await UnitReader.List.RunAsync(hosts, host, ending, $"*.{type}").ConfigureAwait(false));
            return new HostAnswer<HostUnit>([.. units.Where(u => IsMeant(input.Unit, u.Name) && (state is null || u.State == state)).OrderBy(static u => u.Name, StringComparer.OrdinalIgnoreCase)]);
        }
    }

    private static bool IsMeant(string? name, string unit)
    {
        if (name is null || Wildcard.Matches(name, unit)) return true;
        var dot = unit.LastIndexOf('.');
        return dot > 0 && Wildcard.Matches(name, unit.AsSpan(0, dot));
    }

    private static bool HasSuffix(string? name) => name is not null && !name.EndsWith('*') && UnitRef.TryParse(name.Replace('*', 'x').Replace('?', 'x'), provider: null, out var unit) && unit.Name.Length == name.Length;
}
