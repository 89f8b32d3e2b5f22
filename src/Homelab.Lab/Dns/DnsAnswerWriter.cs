using System.Globalization;
using System.Net;
using System.Text;

namespace Homelab.Lab.Dns;

/// <summary>Writes answers. Names are not shortened, except that an answer's own name points at the question's.</summary>
internal static class DnsAnswerWriter
{
    private const int TimeToLive = 60;
    private const int QuestionAt = 12;

    private static readonly Dictionary<string, ushort> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["A"] = 1, ["NS"] = 2, ["CNAME"] = 5, ["SOA"] = 6, ["PTR"] = 12, ["MX"] = 15, ["TXT"] = 16, ["AAAA"] = 28, ["SRV"] = 33, ["CAA"] = 257,
    };

    internal static string TypeName(ushort number) => s_types.FirstOrDefault(t => t.Value == number).Key ?? $"TYPE{number}";

    internal static byte[] Write(DnsQuestion question, int code, IReadOnlyList<(string Name, string Type, string Value)> records, bool cut = false)
    {
        var message = new List<byte>(512);
        UInt16(message, question.Id);
        // An answer, recursion desired and available.
        UInt16(message, (ushort)(0x8180 | (cut ? 0x0200 : 0) | code));
        UInt16(message, 1);
        UInt16(message, (ushort)records.Count);
        UInt16(message, 0);
        UInt16(message, question.HasEdns ? (ushort)1 : (ushort)0);
        Name(message, question.Name);
        UInt16(message, question.TypeNumber);
        UInt16(message, question.Class);
        foreach (var (name, type, value) in records)
        {
            if (string.Equals(name, question.Name, StringComparison.OrdinalIgnoreCase)) UInt16(message, 0xC000 | QuestionAt);
            else Name(message, name);
            UInt16(message, s_types[type]);
            UInt16(message, 1);
            UInt16(message, 0);
            UInt16(message, TimeToLive);
            var data = Data(type, value);
            UInt16(message, (ushort)data.Length);
            message.AddRange(data);
        }

        if (question.HasEdns) message.AddRange([0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 0]);
        return [.. message];
    }

    /// <exception cref="ArgumentException">The value is none of the type.</exception>
    internal static byte[] Data(string type, string value)
    {
        var data = new List<byte>();
        switch (type.ToUpperInvariant())
        {
            case "A" or "AAAA":
                data.AddRange(IPAddress.Parse(value).GetAddressBytes());
                break;
            case "CNAME" or "NS" or "PTR":
                Name(data, value);
                break;
            case "MX" or "SRV":
                var parts = value.Split(' ');
                foreach (var number in parts[..^1]) UInt16(data, ushort.Parse(number, CultureInfo.InvariantCulture));
                Name(data, parts[^1]);
                break;
            case "TXT":
                foreach (var piece in Encoding.UTF8.GetBytes(value).Chunk(255)) data.AddRange([(byte)piece.Length, .. piece]);
                break;
            default:
                throw new ArgumentException($"The simulated name server has no records of type {type}.", nameof(type));
        }

        return [.. data];
    }

    private static void Name(List<byte> message, string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries)) message.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        message.Add(0);
    }

    private static void UInt16(List<byte> message, int value) => message.AddRange([(byte)(value >> 8), (byte)value]);
}
