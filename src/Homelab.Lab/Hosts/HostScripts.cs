using System.Text;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Hosts;

/// <summary>
/// The shell scripts that look at a host: fixed texts that begin sections by <c>s name</c>, each under a mark. A script is known by its sections, and each section is told in the words of
/// the programs that it runs. One that is not known fails; a test holds all of the product's against a real host.
/// </summary>
internal sealed partial class HostScripts(SimulatedHost host)
{
    private const int Unknown = 2;

    /// <summary>Runs one.</summary>
    /// <param name="text">The script.</param>
    /// <param name="mark">What stands before the name of each section.</param>
    /// <param name="words">Its further words.</param>
    internal ProgramEnd Run(string text, string mark, IReadOnlyList<string> words)
    {
        var names = Names().Matches(text).Select(static m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var script = new HostScriptText(text, names, words);
        if (Answer(script) is not { } sections) return ProgramEnd.Fail("sh: 1: a simulated host does not know this script\n", Unknown);
        var output = new StringBuilder();
        foreach (var (name, told) in sections.Prepend(("kernel", "Linux\n")).Append(("end", ""))) output.Append('\n').Append(mark).Append(' ').Append(name).Append('\n').Append(told);
        return ProgramEnd.Say(output.ToString());
    }

    private IEnumerable<(string Name, string Told)>? Answer(HostScriptText script) => script switch
    {
        _ when script.Has("mounts", "sizes") => new MountSections(host).Disks(script),
        _ when script.Has("mounts", "looks") => new MountSections(host).Mounts(script),
        _ when script.Has("uptime", "reboot") => new SystemSections(host).All(),
        _ when script.Has("passwd", "cgroup") => new ProcessSections(host).All(),
        _ when script.Has("tool", "lists") => new UpdateSections(host).All(),
        _ when script.Has("units", "log") => new UnitSections(host).One(script),
        _ when script.Has("units") => new UnitSections(host).List(script),
        _ when script.Has("log", "code") => new JournalSections(host).All(script),
        _ when script.Has("memory") => [("memory", new SystemSections(host).Memory())],
        _ => null,
    };

    [GeneratedRegex(@"(?:^|[\s;{])s (?<name>[a-z]+)(?=[;\s]|$)", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}

/// <summary>A script that looks at a host.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Sections">The sections that it tells.</param>
/// <param name="Words">Its words.</param>
internal sealed record HostScriptText(string Text, IReadOnlySet<string> Sections, IReadOnlyList<string> Words)
{
    internal bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!Sections.Contains(name)) return false;
        }

        return true;
    }

    /// <summary>What stands in it after a text, up to another.</summary>
    internal string Between(string before, string after)
    {
        var begin = Text.IndexOf(before, StringComparison.Ordinal);
        if (begin < 0) return "";
        begin += before.Length;
        var end = Text.IndexOf(after, begin, StringComparison.Ordinal);
        return end < 0 ? "" : Text[begin..end];
    }
}
