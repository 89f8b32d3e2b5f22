using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Network;

/// <summary>Asks a name server for names, and says whether the answers are good ones.</summary>
/// <remarks>Like <c>dig @server name type</c>: nothing is cached, and no hosts file is read.</remarks>
[Operation("dns_test", Level.Monitor, Risk.Read)]
[Description("Asks a name server for names and shows what it answers: any record type, over UDP or TCP, with DNSSEC, and compared with another server.")]
[Example("Test-HlDns gitea.thinmint.dev -Server 10.0.0.2", "Ask one name server for a name.")]
[Example("Test-HlDns nas.home.arpa -Expect 10.0.0.5", "Ask the lab's name server and expect a certain address.")]
[Example("Test-HlDns", "Ask the lab's name server for the names that the lab file lists under providers.network.dns.")]
[Example("Test-HlDns gitea.thinmint.dev -Server 10.0.0.2 -Against 10.0.0.3", "See whether two servers answer the same.")]
public sealed class TestDns : Query<TestDns.Input, DnsReading>
{
    private readonly DnsProbe _probe;
    private readonly DnsNames _names;

    internal TestDns(DnsProbe probe, DnsNames names)
    {
        _probe = probe;
        _names = names;
    }

    /// <summary>What to ask.</summary>
    public sealed record Input
    {
        /// <summary>The names.</summary>
        [Subject]
        [Description("The names to ask for; with type PTR also addresses. Those of providers.network.dns in the lab file when not given.")]
        public IReadOnlyList<string>? Name { get; init; }

        /// <summary>The server.</summary>
        [Description("The name server, with a port when that is not 53. That of providers.network.dns in the lab file when not given, else the system's first one.")]
        public string? Server { get; init; }

        /// <summary>Another server.</summary>
        [Description("Another name server, which is asked the same at the same time; each answer then says whether the other agrees.")]
        public string? Against { get; init; }

        /// <summary>The record type.</summary>
        [Description("The record type: A, AAAA, CNAME, MX, NS, TXT, SRV, PTR, SOA, CAA, HTTPS, SVCB, DS, DNSKEY, TLSA, SSHFP, NAPTR and others, or any by its number: TYPE65.")]
        public string Type { get; init; } = "A";

        /// <summary>What is expected.</summary>
        [Description("A value that one of the answers must have. Any answer will do when not given.")]
        public string? Expect { get; init; }

        /// <summary>Names of the world outside.</summary>
        [Description("Only the names of the lab file that are of the world outside.")]
        public bool External { get; init; }

        /// <summary>Names of the lab.</summary>
        [Description("Only the names of the lab file that are of the lab itself.")]
        public bool Internal { get; init; }

        /// <summary>With signatures.</summary>
        [Description("Asks for DNSSEC signatures, and whether the server has checked them.")]
        public bool Dnssec { get; init; }

        /// <summary>Over TCP.</summary>
        [Description("Asks over TCP at once. Without it TCP is used where an answer does not fit a datagram.")]
        public bool Tcp { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for each answer, with all tries.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is [var only] ? new Intent("Resolve name", new Target("name", only)) : new Intent("Resolve names", Target.Lab);
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<DnsReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var type = DnsRecordTypes.Parse(input.Type);
        var server = DnsProbe.ServerOf(input.Server ?? _names.Server);
        HostPort? against = input.Against is { } other ? DnsProbe.ServerOf(other) : null;
        // All are understood before the first is asked: a slip of the hand is told at once.
        var questions = Names(input).Select(n => (Query: new DnsQuery(DnsName.Normalize(n.Name, type), type, input.Dnssec, input.Tcp), n.Scope)).ToList();
        await foreach (var readings in Sweep.RunAsync(questions, Sweep.AtOnce, AskAsync, cancellationToken).ConfigureAwait(false))
        {
            foreach (var reading in readings) yield return reading;
        }

        async Task<DnsReading[]> AskAsync((DnsQuery Query, string Scope) question, CancellationToken token)
        {
            var asked = _probe.AskAsync(server, question.Query, input.Expect, input.Timeout, token);
            if (against is null) return [await asked.ConfigureAwait(false) with { Scope = question.Scope }];
            var both = await Task.WhenAll(asked, _probe.AskAsync(against.Value, question.Query, input.Expect, input.Timeout, token)).ConfigureAwait(false);
            var (first, second) = DnsComparison.Of(both[0], both[1]);
            return [first with { Scope = question.Scope }, second with { Scope = question.Scope }];
        }
    }

    private IReadOnlyList<(string Name, string Scope)> Names(Input input)
    {
        if (input.Name is { } names)
        {
            if (input.External || input.Internal) throw new HomelabException(ErrorKind.Invalid, "NamesGivenTwice", "name and external or internal cannot be given together: the latter choose among the names of the lab file. Leave one out.", null);
            return [.. names.Select(static n => (n, ""))];
        }

        var found = _names.Of(input.External || !input.Internal, input.Internal || !input.External);
        return found.Count > 0
            ? found
            : throw new HomelabException(ErrorKind.NotFound, "DnsNamesNotKnown", "The lab file lists no such names. Give a name, or list some under providers.network.dns: external: [ google.com ], internal: [ gitea.thinmint.dev ].", null);
    }
}
