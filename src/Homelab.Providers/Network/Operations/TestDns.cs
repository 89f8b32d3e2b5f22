using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Network;

/// <summary>Asks a name server for a name, and says whether the answer is a good one.</summary>
/// <remarks>Like <c>dig @server name type</c>: nothing is cached, and no hosts file is read.</remarks>
[Operation("dns_test", Level.Monitor, Risk.Read)]
[Description("Asks a name server for a name and shows what it answers.")]
[Example("Test-HlDns gitea.thinmint.dev -Server 10.0.0.2", "Ask one name server for a name.")]
[Example("Test-HlDns nas.home.arpa -Expect 10.0.0.5", "Ask the system's name server and expect a certain address.")]
public sealed class TestDns : Query<TestDns.Input, DnsReading>
{
    private readonly DnsProbe _probe;

    internal TestDns(DnsProbe probe) => _probe = probe;

    /// <summary>What to ask.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject]
        [Description("The name to ask for. With type PTR also an address.")]
        public required string Name { get; init; }

        /// <summary>The server.</summary>
        [Description("The name server, with a port when that is not 53. The system's first one when not given.")]
        public string? Server { get; init; }

        /// <summary>The record type.</summary>
        [Description("The record type: A, AAAA, CNAME, MX, NS, TXT, SRV, PTR, SOA or CAA.")]
        public string Type { get; init; } = "A";

        /// <summary>What is expected.</summary>
        [Description("A value that one of the answers must have. Any answer will do when not given.")]
        public string? Expect { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for the answer, with all tries.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Resolve name", new Target("name", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<DnsReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        yield return await _probe.AskAsync(input.Server, input.Name, input.Type, input.Expect, input.Timeout, cancellationToken).ConfigureAwait(false);
    }
}
