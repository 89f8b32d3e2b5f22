using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Homelab.Providers.Ssh;

/// <summary>Reads the lists of updates that the tools of the smaller families print.</summary>
internal static partial class PackageTexts
{
    /// <summary><c>busybox-1.36.1-r31 x86_64 {busybox} (GPL-2.0-only) [upgradable from: busybox-1.36.1-r29]</c>.</summary>
    internal static IReadOnlyList<HostUpdate> Apk(string host, string text) => Each(host, "apk", text, ApkLine(), static (m, u) => u with
    {
        Architecture = m.Groups["arch"].Value,
        Origin = m.Groups["origin"].Value,
        Installed = m.Groups["old"].Value is var old && old.StartsWith(m.Groups["package"].Value + "-", StringComparison.Ordinal) ? old[(m.Groups["package"].Length + 1)..] : old,
    });

    /// <summary><c>linux 6.6.1.arch1-1 -> 6.6.2.arch1-1</c>, with <c>[ignored]</c> behind what is held.</summary>
    internal static IReadOnlyList<HostUpdate> Pacman(string host, string text) =>
        Each(host, "pacman", text, PacmanLine(), static (m, u) => u with { Installed = m.Groups["old"].Value });

    /// <summary><c>base-files - 1550-r23630 - 1562-r24106</c>.</summary>
    internal static IReadOnlyList<HostUpdate> Opkg(string host, string text) =>
        Each(host, "opkg", text, OpkgLine(), static (m, u) => u with { Installed = m.Groups["old"].Value });

    /// <summary>
    /// Columns of <c>name.arch version repository</c>, where a name that is too long for its column has the rest on the next line; after <c>Obsoleting Packages</c> comes
    /// what would go.
    /// </summary>
    internal static IReadOnlyList<HostUpdate> Dnf(string host, string tool, string text, string? security)
    {
        var mending = security is null ? null : Triples(host, tool, security).Select(static t => t.Package).ToHashSet();
        return
        [
            .. Triples(host, tool, text).Select(t => new HostUpdate
            {
                Host = host,
                Package = t.Package.Name,
                Available = t.Version,
                Architecture = t.Package.Architecture,
                Origin = t.Repository,
                // A newer one than what mends it is listed here, and the one that mends it there: the package tells.
                Security = mending?.Contains(t.Package),
                Tool = tool,
            }),
        ];
    }

    /// <summary>The XML of <c>zypper --xmlout list-updates</c>. Only patches, which are no packages, are marked as security there.</summary>
    internal static IReadOnlyList<HostUpdate> Zypper(string host, string text)
    {
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.Trim()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            document = XDocument.Load(reader);
        }
        catch (XmlException e)
        {
            throw HostErrors.Unreadable(host, $"zypper's XML: {HostErrors.Shown(e.Message).TrimEnd('.')}");
        }

        return
        [
            .. document.Descendants("update").Where(static u => (string?)u.Attribute("kind") == "package").Select(u => new HostUpdate
            {
                Host = host,
                Package = Attribute(u, "name"),
                Installed = Attribute(u, "edition-old"),
                Available = Attribute(u, "edition"),
                Architecture = Attribute(u, "arch"),
                Origin = u.Element("source") is { } source ? Attribute(source, "alias") : "",
                Tool = "zypper",
            }),
        ];
    }

    private static string Attribute(XElement element, string name) => HostErrors.Shown((string?)element.Attribute(name) ?? "");

    private static IReadOnlyList<HostUpdate> Each(string host, string tool, string text, Regex form, Func<Match, HostUpdate, HostUpdate> fill) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(static l => !l.StartsWith("WARNING:", StringComparison.OrdinalIgnoreCase))
            .Select(line => form.Match(line) is { Success: true } match
                ? fill(match, new HostUpdate { Host = host, Package = match.Groups["package"].Value, Available = match.Groups["new"].Value, Tool = tool })
                : throw HostErrors.Unreadable(host, $"{tool}'s line '{HostErrors.Shown(line)}'")),
    ];

    private static List<((string Name, string Architecture) Package, string Version, string Repository)> Triples(string host, string tool, string text)
    {
        var end = text.IndexOf("\nObsoleting ", StringComparison.OrdinalIgnoreCase);
        var words = (end < 0 ? text : text[..end])
            .Split('\n')
            .Where(static l => !l.StartsWith("Last metadata", StringComparison.Ordinal) && !l.StartsWith("Security:", StringComparison.Ordinal))
            .SelectMany(static l => l.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .ToArray();
        if (words.Length % 3 != 0) throw HostErrors.Unreadable(host, $"{tool}'s list of {words.Length} words, which are no threes");
        return [.. words.Chunk(3).Select(w =>
        {
            var dot = w[0].LastIndexOf('.');
            if (dot < 1) throw HostErrors.Unreadable(host, $"{tool}'s '{HostErrors.Shown(w[0])}', which is no name.arch");
            return ((w[0][..dot], w[0][(dot + 1)..]), w[1], w[2]);
        })];
    }

    [GeneratedRegex(@"^(?<package>\S+)-(?<new>[^-\s]+-r\d+) (?<arch>\S+) \{(?<origin>[^}]*)\}.*\[upgradable from: (?<old>[^\]]+)\]\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ApkLine();

    [GeneratedRegex(@"^(?<package>\S+) (?<old>\S+) -> (?<new>\S+)( \[ignored\])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PacmanLine();

    [GeneratedRegex(@"^(?<package>\S+) - (?<old>\S+) - (?<new>\S+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OpkgLine();
}
