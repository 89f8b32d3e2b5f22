using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Network;

/// <summary>Looks whether hosts are up, all at once, and yields each as it answers or its time is over.</summary>
/// <remarks>Like <c>ping -c 1 -W 2 address</c> for each, without that program; and by TCP where echoes are not allowed or not answered.</remarks>
[Operation("network_ping", Level.Monitor, Risk.Read)]
[Description("Checks whether hosts are up, by ICMP echo or by their TCP ports: hosts of the lab, or any address.")]
[Example("Test-HlHost", "Look at every host of the lab at once.")]
[Example("Test-HlHost nas, 10.0.0.5 -Count 5", "Ask two hosts five times each, for how fast and how reliably they answer.")]
[Example("if (-not (Test-HlHost -Quiet)) { 'Not every host is up.' }", "Ask whether all hosts are up.")]
public sealed class PingHosts : Query<PingHosts.Input, HostReading>
{
    // A silent host holds its place for the whole time; so many fit into one round of a home network.
    private const int AtOnce = 256;

    private readonly LabDefinition _lab;
    private readonly PingProbe _probe;

    internal PingHosts(LabDefinition lab, PingProbe probe)
    {
        _lab = lab;
        _probe = probe;
    }

    /// <summary>What to ask.</summary>
    public sealed record Input
    {
        /// <summary>The hosts.</summary>
        [Subject]
        [NameOf("host")]
        [Description("Hosts of the lab by name or pattern, or names and addresses of others. Every host of the lab that has an address when not given.")]
        public IReadOnlyList<string>? Host { get; init; }

        /// <summary>By which way.</summary>
        [Description("How to ask: icmp (an echo), tcp (a port that accepts or refuses a connection), or auto: an echo where this process may send one, and tcp where it may not or nothing comes back.")]
        public PingMethod Method { get; init; } = PingMethod.Auto;

        /// <summary>The port.</summary>
        [Range(1, 65_535)]
        [Description("The TCP port to ask; then no echo is sent. Those that the lab file names for the host, then 22, 443 and 80, when not given.")]
        public int? Port { get; init; }

        /// <summary>How often.</summary>
        [Range(1, 100)]
        [Description("How often to ask each host, one time after the other.")]
        public int Count { get; init; } = 1;

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for each answer.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = PingOptions.Usual.Timeout;
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Host is [var only] ? new Intent("Ping host", new Target("host", only)) : new Intent("Ping hosts", Target.Lab);
    }

    /// <inheritdoc/>
    protected override IAsyncEnumerable<HostReading> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input is { Method: PingMethod.Icmp, Port: { } port })
        {
            throw new HomelabException(ErrorKind.Invalid, "PortNeedsTcp", $"port {port} cannot be asked by icmp, which knows no ports. Leave method or port out.", null);
        }

        // All are found before the first is asked: a slip of the hand is told at once.
        IReadOnlyList<PingTarget> targets = input.Host is null ? PingTargets.All(_lab) : [.. input.Host.SelectMany(h => PingTargets.Find(_lab, h)).DistinctBy(static t => t.Host, StringComparer.Ordinal)];
        var options = new PingOptions(input.Port is null ? input.Method : PingMethod.Tcp, input.Port is { } only ? [only] : null, input.Count, input.Timeout);
        return Sweep.RunAsync(targets, AtOnce, (target, token) => _probe.AskAsync(target, options, token), cancellationToken);
    }
}
