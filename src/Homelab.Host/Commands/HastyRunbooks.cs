using System.Text.RegularExpressions;

namespace Homelab.Host.Commands;

/// <summary>The shipped runbooks with a shorter breath: whoever tries out a simulated homelab does not want to watch a container settle for half a minute.</summary>
internal static partial class HastyRunbooks
{
    private static readonly Dictionary<string, string> s_durations = new(StringComparer.Ordinal) { ["cooldown"] = "1s", ["backoff"] = "100ms", ["settle"] = "500ms", ["within"] = "15s", ["every"] = "500ms", ["hold"] = "1s" };

    /// <summary>Writes them, for a lab file whose runbooks replace the shipped ones.</summary>
    internal static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var shipped in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runbooks"), "*.yaml"))
        {
            var text = await File.ReadAllTextAsync(shipped, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileName(shipped)), Hasten(text), cancellationToken);
        }
    }

    // As text, so that what a person reads in the folder is the shipped runbook with all its comments. The schema is not beside it there.
    internal static string Hasten(string runbook) =>
        Section().Replace(SchemaLine().Replace(runbook, ""), static section => Entry().Replace(section.Value, static e => $"{e.Groups["key"].Value}: {s_durations[e.Groups["key"].Value]}"));

    [GeneratedRegex(@"^# yaml-language-server:.*\n", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaLine();

    [GeneratedRegex(@"^  (throttle: \{[^}\n]*\}|verify:( \{[^}\n]*\}|(\n    [^\n]*)*))", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Section();

    [GeneratedRegex(@"\b(?<key>cooldown|backoff|settle|within|every|hold): [0-9][0-9a-z]*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();
}
