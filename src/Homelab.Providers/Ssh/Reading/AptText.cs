using System.Text.RegularExpressions;

namespace Homelab.Providers.Ssh;

/// <summary>Reads what <c>apt-get -s dist-upgrade</c> would do.</summary>
internal static partial class AptText
{
    /// <summary><c>Inst libssl3 [3.0.11-1] (3.0.15-1 Debian:12.8/stable, Debian-Security:12/stable-security [amd64])</c>.</summary>
    internal static IReadOnlyList<HostUpdate> Read(string host, string text)
    {
        var updates = new List<HostUpdate>();
        foreach (var line in text.Split('\n').Where(static l => l.StartsWith("Inst ", StringComparison.Ordinal)))
        {
            var match = Form().Match(line);
            if (!match.Success) throw HostErrors.Unreadable(host, $"apt-get's line '{HostErrors.Shown(line)}'");
            var origin = match.Groups["origin"].Value.Trim();
            updates.Add(new HostUpdate
            {
                Host = host,
                Package = match.Groups["package"].Value,
                Installed = match.Groups["old"].Value,
                Available = match.Groups["new"].Value,
                Architecture = match.Groups["arch"].Value,
                Origin = HostErrors.Shown(origin),
                // Debian's and Ubuntu's archives of security are called so; what comes from nowhere else mends nothing that was told.
                Security = origin.Contains("security", StringComparison.OrdinalIgnoreCase),
                Tool = "apt",
            });
        }

        return updates;
    }

    [GeneratedRegex(@"^Inst (?<package>\S+)( \[(?<old>[^\]]*)\])? \((?<new>\S+)(?<origin>.*?) \[(?<arch>[^\]]*)\]\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
