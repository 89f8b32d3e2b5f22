using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.OpnSense;

/// <summary>Lists the services of the firewall that are configured, and whether they run.</summary>
/// <remarks>OPNsense API: <c>GET core/service/search</c>. Needs the privilege <c>Status: Services</c>. The command <c>pluginctl -S</c>.</remarks>
[Operation("opnsense_list_services", Level.Monitor, Risk.Read)]
[Description("Lists the services of OPNsense that are configured: whether they run, and whether the firewall lets people stop them.")]
[Example("Get-HlFirewallService", "List every service of the firewall.")]
[Example("Get-HlFirewallService | Where-Object Running -eq $false", "Show what does not run.")]
public sealed class ListFirewallServices : Query<ListFirewallServices.Input, FirewallService>
{
    private readonly OpnSenseClient? _client;

    internal ListFirewallServices(OpnSenseClient? client) => _client = client;

    /// <summary>Which services.</summary>
    public sealed record Input
    {
        /// <summary>The service.</summary>
        [Subject, Description("The service's name, or a pattern with * and ?. All when not given.")]
        public string? Service { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<FirewallService> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = OpnSenseErrors.Need(_client);
        if (input.Service is { Length: > 0 } name && !Wildcard.IsPattern(name))
        {
            yield return await client.FindServiceAsync(name, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        foreach (var service in await client.ListServicesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (input.Service is not { Length: > 0 } pattern || Wildcard.Matches(pattern, service.Name)) yield return service;
        }
    }
}
