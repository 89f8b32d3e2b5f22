using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.OpnSense;

/// <summary>Restarts a service of the firewall and proves it by another process of the same name.</summary>
/// <remarks>
/// OPNsense API: <c>POST core/service/restart/{name}[/{id}]</c>, which answers <c>ok</c> whatever comes of it; so <c>GET core/service/search</c> until it runs and stays so, and
/// <c>GET diagnostics/activity/getActivity</c> for its processes. Needs <c>Status: Services</c>, and <c>Diagnostics: System Activity</c> for the latter: a service that runs is not touched without it, as nothing would prove the restart. The command <c>pluginctl -s name restart</c>.
/// </remarks>
[Operation("opnsense_service_restart", Level.Operate, Risk.Disrupt, Idempotent = true, Patience = "15m")]
[Description("Restarts a service of OPNsense, and proves that it was started anew and stays up. A service by which we get in ourselves needs two confirmations.")]
[Example("Restart-HlFirewallService unbound", "Restart the name server of the firewall.")]
[Example("Get-HlFirewallService openvpn/* | Restart-HlFirewallService -PassThru", "Restart every OpenVPN instance, and show how each is then.")]
public sealed class RestartFirewallService : Change<RestartFirewallService.Input, FirewallService>
{
    private readonly OpnSenseClient? _client;

    internal RestartFirewallService(OpnSenseClient? client) => _client = client;

    /// <summary>What to restart.</summary>
    public sealed record Input
    {
        /// <summary>The service.</summary>
        [Subject, Description("The service's name as it is listed: unbound, or openvpn/1 where there are several."), RegularExpression("^[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.:-]{1,64})?$"), StringLength(129, MinimumLength = 1)]
        public required string Service { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it runs again."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

        /// <summary>How long it must stay up.</summary>
        [Description("How long it must then go on running: what dies of its settings does so in the first moments."), DurationRange("0s", "2m")]
        public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Restart service of the firewall", TargetOf(input.Service));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = OpnSenseErrors.Need(_client);
        var service = await client.FindServiceAsync(input.Service, cancellationToken).ConfigureAwait(false);
        var mark = new ServiceMark(service.Running, await client.FindProcessesAsync(service.Name, cancellationToken).ConfigureAwait(false));
        if (mark is { Running: true, Processes: null }) throw OpnSenseErrors.NoProof(service.Name);
        return new Prepared<Input>(input with { Service = service.Name }, mark.ToString())
        {
            World = $"{service.Name}, {(service.Running ? "running" : "stopped")}{(service.Locked ? ", locked" : "")}",
            Findings = Findings(service, client.Address),
        };
    }

    /// <inheritdoc/>
    protected override async Task<FirewallService> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = OpnSenseErrors.Need(_client);
        var before = ServiceMark.Read(context.Mark) ?? throw new InvalidOperationException("A restart of a service needs the mark of how it was.");
        var activity = $"Restarting {input.Service} of the firewall";
        context.Report(activity, "asking OPNsense");
        var began = context.Time.GetTimestamp();
        HomelabException? lost = null;
        try
        {
            await client.RestartAsync(input.Service, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e is { Kind: ErrorKind.Unavailable or ErrorKind.Timeout, NothingHappened: false })
        {
            // Its own web server may end before it has answered: what came of it shows.
            lost = e;
        }

        context.SayActed();
        var watch = new ServiceWatch(client, input.Service, before, context);
        return await watch.UntilUpAsync(input.Timeout, input.Settle, activity, began, lost, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (ServiceMark.Read(mark) is not { } before) return Settlement.Unknown;
        var client = OpnSenseErrors.Need(_client);
        var service = await client.FindServiceAsync(input.Service, cancellationToken).ConfigureAwait(false);
        var now = new ServiceMark(service.Running, await client.FindProcessesAsync(service.Name, cancellationToken).ConfigureAwait(false));
        if (!now.Running) return before.Running ? Settlement.Unknown : Settlement.DidNotHappen;
        return now.Since(before) switch
        {
            true => Settlement.Happened,
            false => Settlement.DidNotHappen,
            null => Settlement.Unknown,
        };
    }

    private static Target TargetOf(string service) => new("firewall-service", service);

    private static Finding[] Findings(FirewallService service, Uri firewall)
    {
        if (WayIn.Finding(service.Name, firewall) is { } wayIn) return [wayIn];
        return service.Locked
            ? [new Finding(Rules.Protected, Requirement.Ask, $"the firewall marks {service.Name} as locked: it is not to be stopped by people", "Approve it.")]
            : [];
    }
}
