using System.ComponentModel;

namespace Homelab.Providers.Network;

/// <summary>Looks whether TCP ports accept connections, all at once, and yields each as it answers or its time is over.</summary>
/// <remarks>Like <c>nc -z host port</c> for each.</remarks>
[Operation("network_check_port", Level.Monitor, Risk.Read)]
[Description("Checks whether TCP ports accept connections, refuse them, or keep silent behind a firewall.")]
[Example("Test-HlPort nas:22", "Check whether the SSH port of a host is open.")]
[Example("Test-HlPort nas, 10.0.0.5 -Port 22, 443, 5432 -Timeout 2s", "Check three ports of two hosts, waiting two seconds at most.")]
[Example("Test-HlPort nas:22 -Banner", "See what a server says first: SSH-2.0-OpenSSH_9.2.")]
public sealed class CheckPort : Query<CheckPort.Input, ProbeResult>
{
    private const int MostPorts = 65_535;

    private readonly TcpProbe _probe;

    internal CheckPort(TcpProbe probe) => _probe = probe;

    /// <summary>What to check.</summary>
    public sealed record Input
    {
        /// <summary>The hosts and ports.</summary>
        [Subject]
        [Description("Hosts with their ports: nas:22, 10.0.0.5:5432 or [::1]:80; or hosts alone, whose ports are given apart.")]
        public required IReadOnlyList<string> Address { get; init; }

        /// <summary>The ports.</summary>
        [Description("The ports to check of each host that is given without one.")]
        public IReadOnlyList<int>? Port { get; init; }

        /// <summary>What the server says first.</summary>
        [Description("Waits up to a second for what the server says by itself, and tells its first line.")]
        public bool Banner { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for each connection.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input is { Address: [var only], Port: null } ? new Intent("Check port", new Target("address", only)) : new Intent("Check ports", Target.Lab);
    }

    /// <inheritdoc/>
    protected override IAsyncEnumerable<ProbeResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        // All are understood before the first is asked: a slip of the hand is told at once.
        var addresses = input.Address.SelectMany(a => Addresses(a, input.Port)).ToList();
        return Sweep.RunAsync(
            addresses,
            Sweep.AtOnce,
            async (address, token) => (await _probe.AskAsync(address.Port, input.Timeout, input.Banner, token).ConfigureAwait(false)).Of(address.Name, "tcp", address.Port.ToString()),
            cancellationToken);
    }

    private static IEnumerable<(string Name, HostPort Port)> Addresses(string text, IReadOnlyList<int>? ports)
    {
        if (ports is null || HostPort.TryParse(text, null, out _)) return [(text, HostPort.Parse(text, null))];
        if (ports.FirstOrDefault(static p => p is < 1 or > MostPorts) is not 0 and var wrong) throw PortInvalid(wrong);
        return ports.Contains(0) ? throw PortInvalid(0) : [.. ports.Select(p => HostPort.Parse(text, p)).Select(static a => (a.ToString(), a))];
    }

    private static HomelabException PortInvalid(int port) => new(ErrorKind.Invalid, "PortInvalid", FormattableString.Invariant($"{port} is no port: those are from 1 to {MostPorts}."), null);
}
