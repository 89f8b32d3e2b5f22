using System.Text.RegularExpressions;

namespace Homelab.SystemTests.Web;

/// <summary>Reads Prometheus' text format strictly: HELP, then TYPE, then the samples of that name; one sample of each series; a line end at the end.</summary>
internal static partial class PrometheusPage
{
    internal static IReadOnlyDictionary<string, string> Read(string page)
    {
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", page, StringComparison.Ordinal);
        var samples = new Dictionary<string, string>(StringComparer.Ordinal);
        var families = new HashSet<string>(StringComparer.Ordinal);
        var (helped, typed) = ("", "");
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (HelpLine().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
                Assert.True(families.Add(helped), $"{helped} comes twice.");
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                typed = type.Groups["name"].Value;
                Assert.Equal(helped, typed);
                Assert.Equal(type.Groups["type"].Value == "counter", typed.EndsWith("_total", StringComparison.Ordinal));
            }
            else
            {
                var sample = SampleLine().Match(line);
                Assert.True(sample.Success, $"'{line}' is no sample.");
                Assert.Equal(typed, sample.Groups["name"].Value);
                Assert.True(samples.TryAdd(sample.Groups["series"].Value, sample.Groups["value"].Value), $"{line} comes twice.");
            }
        }

        return samples;
    }

    [GeneratedRegex("^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) [^\\\\]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeLine();

    [GeneratedRegex("^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\\\\n]*\"\\})?) (?<value>[0-9]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SampleLine();
}
