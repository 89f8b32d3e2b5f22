using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Network;

/// <summary>Looks whether a TCP port accepts connections.</summary>
/// <remarks>Like <c>nc -z host port</c>.</remarks>
[Operation("network_check_port", Level.Monitor, Risk.Read)]
[Description("Checks whether a TCP port accepts connections.")]
[Example("Test-HlPort nas:22", "Check whether the SSH port of a host is open.")]
[Example("Test-HlPort 10.0.0.5:5432 -Timeout 2s", "Check a database's port, waiting two seconds at most.")]
public sealed class CheckPort : Query<CheckPort.Input, ProbeResult>
{
    private readonly TcpProbe _probe;

    internal CheckPort(TcpProbe probe) => _probe = probe;

    /// <summary>What to check.</summary>
    public sealed record Input
    {
        /// <summary>The host and port.</summary>
        [Subject]
        [Description("The host and port: nas:22, 10.0.0.5:5432 or [::1]:80.")]
        public required string Address { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for the connection.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Check port", new Target("address", input.Address));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ProbeResult> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var address = HostPort.Parse(input.Address, null);
        var look = await _probe.AskAsync(address, input.Timeout, cancellationToken).ConfigureAwait(false);
        yield return new ProbeResult { Name = input.Address, Kind = "tcp", Address = address.ToString(), Status = look.Status, Detail = look.Detail, Latency = look.Latency };
    }
}
