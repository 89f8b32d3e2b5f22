namespace Homelab.Providers.Network;

/// <summary>A question to a name server.</summary>
/// <param name="Name">Normalised; see <see cref="DnsName"/>.</param>
/// <param name="Type">The record type.</param>
/// <param name="Dnssec">True to ask for signatures, and whether the server has checked them (DO and AD).</param>
/// <param name="OverTcp">True to ask over TCP at once.</param>
internal sealed record DnsQuery(string Name, DnsRecordType Type, bool Dnssec = false, bool OverTcp = false)
{
    /// <summary>An ordinary question, from what people write.</summary>
    /// <exception cref="HomelabException"><c>DnsNameInvalid</c>, <c>DnsTypeInvalid</c> (Invalid).</exception>
    internal static DnsQuery Of(string name, string type)
    {
        var read = DnsRecordTypes.Parse(type);
        return new DnsQuery(DnsName.Normalize(name, read), read);
    }
}
