namespace Homelab.Providers.OpnSense;

/// <summary>What several operations say alike.</summary>
internal static class OpnSenseErrors
{
    private const string Set = "Give providers: opnsense: url, key and secret, or the variables OPNSENSE_HOST, OPNSENSE_API_KEY and OPNSENSE_API_SECRET.";

    internal static OpnSenseClient Need(OpnSenseClient? client) =>
        client ?? throw new HomelabException(ErrorKind.Invalid, "OpnSenseNotConfigured", $"The lab file names no OPNsense. {Set}", OpnSenseNames.Provider) { WayOut = Set };

    /// <summary>A restart that could never be seen to have happened is not begun.</summary>
    internal static HomelabException NoProof(string service)
    {
        const string WayOut = "Give the API key's user the privilege Diagnostics: System Activity there (System, Access, Users).";
        return new HomelabException(ErrorKind.Denied, "FirewallProcessesHidden", $"{service} was not restarted: the API key may not see processes, so nothing would prove that it was started anew. {WayOut}", service) { WayOut = WayOut, NothingHappened = true };
    }

    internal static HomelabException NoService(string name, IReadOnlyList<FirewallService> all)
    {
        // One kind may run several times, each with a number: what is near its name is those.
        var alike = all.Where(s => s.Name.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase)).Select(static s => s.Name).ToArray();
        var wayOut = alike.Length > 0 ? $"There are {string.Join(", ", alike)}: name one of them." : $"{NearestName.Hint(name, [.. all.Select(static s => s.Name)])} Get-HlFirewallService lists them; one that is not configured is not among them.";
        return new HomelabException(ErrorKind.NotFound, "FirewallServiceNotFound", $"OPNsense has no service '{ForeignText.Clean(name, 80)}'. {wayOut}", name) { WayOut = wayOut, NothingHappened = true };
    }
}
