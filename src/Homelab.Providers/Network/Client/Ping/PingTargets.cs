namespace Homelab.Providers.Network;

/// <summary>Chooses which hosts are asked: those of the lab by name or pattern, and any other address.</summary>
internal static class PingTargets
{
    /// <summary>Every host of the lab that has an address.</summary>
    internal static IReadOnlyList<PingTarget> All(LabDefinition lab) => [.. lab.Hosts.Where(static h => h.Value.Address.Length > 0).Select(static h => PingTarget.Of(h.Key, h.Value))];

    /// <summary>The hosts that a text means.</summary>
    /// <exception cref="HomelabException"><c>HostHasNoAddress</c>, <c>AddressInvalid</c> (Invalid).</exception>
    internal static IEnumerable<PingTarget> Find(LabDefinition lab, string text)
    {
        if (Wildcard.IsPattern(text)) return All(lab).Where(t => Wildcard.Matches(text, t.Host));
        var name = lab.Hosts.ContainsKey(text) ? text : lab.Hosts.Keys.FirstOrDefault(k => string.Equals(k, text, StringComparison.OrdinalIgnoreCase));
        if (name is not null)
        {
            return lab.Hosts[name].Address.Length > 0
                ? [PingTarget.Of(name, lab.Hosts[name])]
                : throw new HomelabException(ErrorKind.Invalid, "HostHasNoAddress", $"Host '{name}' has no address. Give hosts.{name}.address in the lab file.", text);
        }

        var address = text.Trim() is ['[', .. var inner, ']'] ? inner : text.Trim();
        return Uri.CheckHostName(address) != UriHostNameType.Unknown
            ? [PingTarget.Of(address)]
            : throw new HomelabException(ErrorKind.Invalid, "AddressInvalid", $"'{ForeignText.Clean(text, 80)}' is neither a host of the lab nor an address. {NearestName.Hint(text, [.. lab.Hosts.Keys])}", text);
    }
}
