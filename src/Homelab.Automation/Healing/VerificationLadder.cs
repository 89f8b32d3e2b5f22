using Homelab.Automation.Correlation;

namespace Homelab.Automation.Healing;

/// <summary>
/// Looks whether a service really works: its container, its own check, its monitor. Every rung must say yes; a rung that cannot be asked says no.
/// Looks go through the gate like everything else.
/// </summary>
/// <param name="gate">The way to the queries.</param>
/// <param name="hasMonitoring">Whether the lab has a monitoring system that can be asked.</param>
/// <param name="hasGuests">Whether the lab has a hypervisor that can be asked about its guests.</param>
public sealed partial class VerificationLadder(OperationGate gate, bool hasMonitoring, bool hasGuests)
{
    /// <summary>Looks once at every rung asked for.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="definition">The service.</param>
    /// <param name="checks">The rungs; <see cref="VerifyCheck.Service"/> stands for all that the lab file offers.</param>
    /// <param name="caller">Who looks.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<LadderReading> LookAsync(string service, ServiceDefinition definition, IReadOnlyList<VerifyCheck> checks, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(checks);
        var rungs = Rungs(definition, checks);
        if (rungs.Count == 0)
        {
            return new LadderReading([new RungReading("service", false, "the lab file offers nothing to look at: give the service a container, a check or a monitor")]);
        }

        return new LadderReading(await Task.WhenAll(rungs.Select(rung => LookAsync(rung, service, definition, caller, cancellationToken))).ConfigureAwait(false));
    }

    /// <summary>Looks at the service's own check alone, where it has one; null where it has none.</summary>
    public async Task<RungReading?> ProbeAsync(string service, ServiceDefinition definition, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Check is null ? null : await LookAsync(VerifyCheck.Probe, service, definition, caller, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks once at the rung that tells most: the service's own check, else its container, else its monitor. Unknown where the lab file offers nothing to look at.</summary>
    internal async Task<RungReading> GlanceAsync(string service, ServiceDefinition definition, Caller caller, CancellationToken cancellationToken) =>
        (definition.Check is not null ? VerifyCheck.Probe : Rungs(definition, [VerifyCheck.Service]) is [var first, ..] ? first : (VerifyCheck?)null) is { } rung
            ? await LookAsync(rung, service, definition, caller, cancellationToken).ConfigureAwait(false)
            : RungReading.Unknown("service", "the lab file offers nothing to look at");

    private List<VerifyCheck> Rungs(ServiceDefinition definition, IReadOnlyList<VerifyCheck> checks)
    {
        if (!checks.Contains(VerifyCheck.Service)) return [.. checks.Distinct()];
        var rungs = new List<VerifyCheck>();
        if (definition.Container is not null) rungs.Add(VerifyCheck.Container);
        if (definition.Vm is not null && hasGuests) rungs.Add(VerifyCheck.Guest);
        if (definition.Check is not null) rungs.Add(VerifyCheck.Probe);
        if (definition.Monitor is not null && hasMonitoring) rungs.Add(VerifyCheck.Monitor);
        return rungs;
    }

    private async Task<RungReading> LookAsync(VerifyCheck rung, string service, ServiceDefinition definition, Caller caller, CancellationToken cancellationToken)
    {
        var name = HomelabNames.Of(rung);
        try
        {
            return rung switch
            {
                VerifyCheck.Container => await ContainerAsync(name, definition, caller, cancellationToken).ConfigureAwait(false),
                VerifyCheck.Guest => await GuestAsync(name, definition, caller, cancellationToken).ConfigureAwait(false),
                VerifyCheck.Probe => await ServiceProbeAsync(name, service, definition.Check, caller, cancellationToken).ConfigureAwait(false),
                _ => await MonitorAsync(name, definition.Monitor ?? service, caller, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (HomelabException e)
        {
            return RungReading.Unknown(name, $"could not be asked: {e.Message}");
        }
    }

    private async Task<RungReading> ContainerAsync(string rung, ServiceDefinition definition, Caller caller, CancellationToken cancellationToken)
    {
        if (definition.Container is null) return new RungReading(rung, false, "the lab file names no container");
        await foreach (var item in AskAsync("docker_check_container", new { container = definition.Container.ToString() }, caller, cancellationToken).ConfigureAwait(false))
        {
            if (item is ContainerCheck check) return new RungReading(rung, check.IsUp, check.Reason);
        }

        return RungReading.Unknown(rung, "the engine gave no answer");
    }

    private async Task<RungReading> GuestAsync(string rung, ServiceDefinition definition, Caller caller, CancellationToken cancellationToken)
    {
        if (definition.Vm is null) return new RungReading(rung, false, "the lab file names no guest");
        VmDetail? vm = null;
        await foreach (var item in AskAsync("proxmox_vm_status", new { vm = definition.Vm.ToString() }, caller, cancellationToken).ConfigureAwait(false)) vm = item as VmDetail;
        if (vm is null) return RungReading.Unknown(rung, "the hypervisor gave no answer");
        if (vm.State == VmState.Unknown) return RungReading.Unknown(rung, $"nobody can say what {vm.Name} does");
        if (vm.State != VmState.Running || vm.Kind != VmKind.Qemu || !vm.AgentEnabled) return new RungReading(rung, vm.State == VmState.Running, $"{vm.Name} is {HomelabNames.Of(vm.State)}");
        await foreach (var item in AskAsync("proxmox_guest_ping", new { vm = definition.Vm.ToString() }, caller, cancellationToken).ConfigureAwait(false))
        {
            if (item is GuestAgentCheck check) return new RungReading(rung, check.Answers, check.Answers ? $"{vm.Name} runs, and its agent answers" : $"{vm.Name} runs. {check.Reason}");
        }

        return RungReading.Unknown(rung, "nobody said whether its agent answers");
    }

    private async Task<RungReading> ServiceProbeAsync(string rung, string service, CheckDefinition? check, Caller caller, CancellationToken cancellationToken)
    {
        var readings = new List<ProbeResult>();
        var asked = ServiceGraph.IsImplicitHost(service) ? AskAsync("network_check_port", new { address = new[] { check?.Tcp ?? "" }, timeout = Duration.Format(check?.Timeout ?? TimeSpan.Zero) }, caller, cancellationToken)
            : AskAsync("network_check_services", new { service }, caller, cancellationToken);
        await foreach (var item in asked.ConfigureAwait(false))
        {
            if (item is ProbeResult reading) readings.Add(reading);
        }

        if (readings.Count == 0) return RungReading.Unknown(rung, "no check gave an answer");
        var detail = string.Join("; ", readings.Select(r => $"{r.Kind} {r.Address}: {r.Detail}"));
        if (readings.Any(r => r.Status == ProbeStatus.Down)) return new RungReading(rung, false, detail);
        return readings.All(r => r.Status == ProbeStatus.Up) ? new RungReading(rung, true, detail) : RungReading.Unknown(rung, detail);
    }

    private async Task<RungReading> MonitorAsync(string rung, string monitor, Caller caller, CancellationToken cancellationToken)
    {
        await foreach (var item in AskAsync("kuma_list_monitors", new { name = monitor }, caller, cancellationToken).ConfigureAwait(false))
        {
            if (item is MonitorReading reading && string.Equals(reading.Name, monitor, StringComparison.OrdinalIgnoreCase))
            {
                return new RungReading(rung, reading.Status == MonitorStatus.Up, $"Kuma says {HomelabNames.Of(reading.Status)}") { IsKnown = reading.Status != MonitorStatus.Unknown };
            }
        }

        return RungReading.Unknown(rung, $"Kuma has no monitor '{monitor}'");
    }

    private IAsyncEnumerable<object> AskAsync(string operation, object input, Caller caller, CancellationToken cancellationToken) =>
        gate.QueryAsync(new GateRequest { Operation = operation, Json = System.Text.Json.JsonSerializer.SerializeToElement(input), Caller = caller }, cancellationToken);
}

/// <summary>What one look at a service found.</summary>
/// <param name="Rungs">What each rung said.</param>
public sealed record LadderReading(IReadOnlyList<RungReading> Rungs)
{
    /// <summary>True when every rung said yes.</summary>
    public bool IsUp => Rungs.All(r => r.IsUp);

    /// <summary>True when nothing said no, and something could not be asked: neither a success nor a reason to act.</summary>
    public bool IsUnclear => !IsUp && Rungs.All(r => r.IsUp || !r.IsKnown);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Rungs);
}

/// <summary>What one rung said.</summary>
/// <param name="Rung"><c>container</c>, <c>guest</c>, <c>probe</c>, <c>monitor</c>, or the operation of a question.</param>
/// <param name="IsUp">Whether it said yes.</param>
/// <param name="Detail">Why, one line.</param>
public sealed record RungReading(string Rung, bool IsUp, string Detail)
{
    /// <summary>False when the rung could not be asked.</summary>
    public bool IsKnown { get; init; } = true;

    internal static RungReading Unknown(string rung, string detail) => new(rung, false, detail) { IsKnown = false };

    /// <inheritdoc/>
    public override string ToString() => $"{Rung} {(IsUp ? "ok" : "not ok")} ({Detail})";
}
