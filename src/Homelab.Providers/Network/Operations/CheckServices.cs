using System.ComponentModel;

namespace Homelab.Providers.Network;

/// <summary>Makes the checks that the lab file gives for its services, all at once, and yields each result as it comes.</summary>
[Operation("network_check_services", Level.Monitor, Risk.Read)]
[Description("Checks services directly, by the HTTP, TCP, DNS and TLS checks that the lab file gives for them.")]
[Example("Test-HlService gitea", "Check one service.")]
[Example("Test-HlService | Where-Object Status -ne Up", "Check every service and show those that are not up.")]
public sealed class CheckServices : Query<CheckServices.Input, ProbeResult>
{
    private readonly LabDefinition _lab;
    private readonly ServiceProbes _probes;

    internal CheckServices(LabDefinition lab, ServiceProbes probes)
    {
        _lab = lab;
        _probes = probes;
    }

    /// <summary>What to check.</summary>
    public sealed record Input
    {
        /// <summary>The service.</summary>
        [Subject]
        [NameOf("service")]
        [Description("The service as the lab file names it; * and ? stand for any text and any character. Every service that has a check when not given.")]
        public string? Service { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Service is null ? new Intent("Check services", Target.Lab) : new Intent("Check service", new Target("service", input.Service));
    }

    /// <inheritdoc/>
    protected override IAsyncEnumerable<ProbeResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Sweep.RunAsync(Chosen(input.Service).SelectMany(s => _probes.Of(s.Name, s.Check)), Sweep.AtOnce, static (look, token) => look(token), cancellationToken);
    }

    private IEnumerable<(string Name, CheckDefinition Check)> Chosen(string? service)
    {
        if (service is not null && !Wildcard.IsPattern(service))
        {
            var name = _lab.Services.ContainsKey(service) ? service : _lab.Services.Keys.FirstOrDefault(k => string.Equals(k, service, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                throw new HomelabException(ErrorKind.NotFound, "ServiceNotFound", $"The lab has no service '{service}'. {NearestName.Hint(service, [.. _lab.Services.Keys])}", service);
            }

            var check = _lab.Services[name].Check;
            return ServiceProbes.IsDefined(check)
                ? [(name, check!)]
                : throw new HomelabException(ErrorKind.NotFound, "CheckNotDefined", $"Service '{name}' has no check. Give services.{name}.check: http, tcp, dns or tls in the lab file.", service);
        }

        return _lab.Services
            .Where(s => (service is null || Wildcard.Matches(service, s.Key)) && ServiceProbes.IsDefined(s.Value.Check))
            .Select(static s => (s.Key, s.Value.Check!));
    }
}
