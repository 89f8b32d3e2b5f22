using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>The addresses that a running guest has: those of its configuration, or made up from its number.</summary>
internal static class GuestAddresses
{
    /// <summary>Its network cards as they are named inside, the loopback first.</summary>
    internal static IEnumerable<GuestAddress> Of(SimulatedGuest guest)
    {
        yield return new GuestAddress("lo", "00:00:00:00:00:00", "127.0.0.1", 8, "::1", 128);
        foreach (var (key, value) in guest.Config.Where(static l => l.Key.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(l.Key[^1])))
        {
            var card = PropertyString.Parse(value, "model");
            var mac = (card["hwaddr"] ?? card["macaddr"] ?? card.Keys.Select(k => card[k]!).FirstOrDefault(static v => v.Count(':'.Equals) == 5) ?? "BC:24:11:00:00:01").ToLowerInvariant();
            var number = int.Parse(key.AsSpan("net".Length), CultureInfo.InvariantCulture);
            var ip = card["ip"] is { } set && set.Contains('/', StringComparison.Ordinal) ? set.Split('/') : [string.Create(CultureInfo.InvariantCulture, $"192.168.{100 + number}.{10 + (guest.Vmid % 240)}"), "24"];
            yield return new GuestAddress(card["name"] ?? $"eth{number}", mac, ip[0], int.Parse(ip[1], CultureInfo.InvariantCulture), LinkLocal(mac), 64);
        }
    }

    // RFC 4291, appendix A: the address with its universal bit turned and ff:fe in its middle.
    private static string LinkLocal(string mac)
    {
        var bytes = mac.Split(':').Select(static b => byte.Parse(b, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"fe80::{((bytes[0] ^ 2) << 8) | bytes[1]:x}:{(bytes[2] << 8) | 0xff:x}:{0xfe00 | bytes[3]:x}:{(bytes[4] << 8) | bytes[5]:x}");
    }
}

/// <summary>A network card as a guest sees it.</summary>
/// <param name="Name">Its name inside.</param>
/// <param name="Mac">Its hardware address.</param>
/// <param name="Address">Its IPv4 address.</param>
/// <param name="Prefix">The length of that one's network.</param>
/// <param name="Address6">Its IPv6 address.</param>
/// <param name="Prefix6">The length of that one's network.</param>
internal sealed record GuestAddress(string Name, string Mac, string Address, int Prefix, string Address6, int Prefix6);
