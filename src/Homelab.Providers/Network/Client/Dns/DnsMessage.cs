namespace Homelab.Providers.Network;

/// <summary>What a name server sent, read.</summary>
internal sealed record DnsMessage
{
    private const int MostAliases = 16;

    internal required ushort Id { get; init; }

    /// <summary>True when it is an answer to an ordinary query.</summary>
    internal required bool IsAnswer { get; init; }

    /// <summary>True when it did not fit and has to be asked for again over TCP (TC).</summary>
    internal required bool IsCut { get; init; }

    /// <summary>True when the server keeps the zone itself (AA).</summary>
    internal bool IsAuthoritative { get; init; }

    /// <summary>True when the server asks others for what it does not know (RA).</summary>
    internal bool CanRecurse { get; init; }

    /// <summary>True when the server has checked the signatures of all it answers (AD).</summary>
    internal bool IsAuthentic { get; init; }

    /// <summary>The response code, with the upper bits of EDNS where it has them.</summary>
    internal required int Code { get; init; }

    /// <summary>The questions it repeats: name, type, class.</summary>
    internal required IReadOnlyList<(string Name, ushort Type, ushort Class)> Questions { get; init; }

    internal required IReadOnlyList<DnsRecord> Answers { get; init; }

    /// <summary>What the server says by EDNS; null when it does not understand that.</summary>
    internal DnsOptions? Options { get; init; }

    /// <summary>True when the server understands EDNS.</summary>
    internal bool HasEdns => Options is not null;

    /// <summary>The response code's name: <c>NXDOMAIN</c>.</summary>
    internal string CodeName => Code switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 => "YXDOMAIN",
        7 => "YXRRSET",
        8 => "NXRRSET",
        9 => "NOTAUTH",
        10 => "NOTZONE",
        16 => "BADVERS",
        23 => "BADCOOKIE",
        _ => $"RCODE {Code}",
    };

    internal bool Answer(string name, DnsRecordType type) =>
        IsAnswer && Questions is [var question] && question.Type == (ushort)type && question.Class == 1 && string.Equals(question.Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The records of a type that belong to a name, or to the name that its aliases lead to. Others that a server slips in are left out.</summary>
    internal IReadOnlyList<DnsRecord> RecordsOf(string name, DnsRecordType type)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name };
        if (type != DnsRecordType.CNAME)
        {
            // Servers write a chain in its order, so one round nearly always does.
            var grew = true;
            for (var round = 0; grew && round < MostAliases; round++)
            {
                grew = false;
                foreach (var alias in Answers)
                {
                    if (alias.Type == (ushort)DnsRecordType.CNAME && names.Contains(alias.Name)) grew |= names.Add(alias.Text);
                }
            }
        }

        return [.. Answers.Where(r => r.Type == (ushort)type && names.Contains(r.Name))];
    }
}

/// <summary>The bytes are no DNS message; the message says where they stop to be one.</summary>
internal sealed class DnsFormatException(string message) : Exception(message);
