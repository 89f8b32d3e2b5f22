using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.OpnSense;

/// <summary>Finds the processes of a service in <c>diagnostics/activity/getActivity</c>: <c>{"headers":[…],"details":[{"PID":"1234","COMMAND":"/usr/local/sbin/unbound -c …{unbound}"}]}</c>, a line for each thread.</summary>
/// <remarks>opnsense/core: <c>scripts/system/activity.py</c>; which program runs a service is in <c>src/etc/inc/plugins.inc.d/</c>.</remarks>
internal static class ProcessReader
{
    // Those of the core whose program is called otherwise.
    private static readonly Dictionary<string, string[]> s_programs = new(StringComparer.Ordinal)
    {
        ["captiveportal"] = ["lighttpd"],
        ["dpinger"] = ["dpinger", "gateway_watcher"],
        ["kea-dhcp"] = ["kea-dhcp4", "kea-dhcp6", "kea-ctrl-agent", "kea-dhcp-ddns"],
        ["openssh"] = ["sshd"],
        ["strongswan"] = ["charon"],
        ["tailscale"] = ["tailscaled"],
        ["webgui"] = ["lighttpd"],
    };

    private static readonly HashSet<string> s_interpreters = new(["sh", "php", "perl", "ruby", "lua"], StringComparer.Ordinal);

    internal static IReadOnlySet<int> Read(JsonElement root, string service)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array) throw new FormatException("a list of processes without details");
        var kind = service.Split('/', 2)[0];
        var programs = s_programs.GetValueOrDefault(kind, [kind]);
        var found = new HashSet<int>();
        foreach (var line in details.EnumerateArray())
        {
            if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("PID", out var pid) || !line.TryGetProperty("COMMAND", out var command)) continue;
            if (int.TryParse(pid.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 && Array.IndexOf(programs, Program(command.ToString())) >= 0) found.Add(id);
        }

        return found;
    }

    /// <summary>The name of the program that a command line runs: for a script that of the script.</summary>
    internal static string Program(string command)
    {
        var thread = command.LastIndexOf('{');
        var words = (thread > 0 ? command[..thread] : command).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return "";
        var name = Base(words[0]);
        if (!s_interpreters.Contains(name) && !name.StartsWith("python", StringComparison.Ordinal)) return name;
        return Array.Find(words[1..], static w => w[0] != '-') is { } script ? Path.GetFileNameWithoutExtension(Base(script)) : name;
    }

    // Some write what they do behind a colon, and what is swapped out stands in brackets.
    private static string Base(string word) => word[(word.LastIndexOf('/') + 1)..].Trim('[', ']').TrimEnd(':');
}
