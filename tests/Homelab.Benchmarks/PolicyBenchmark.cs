using System.Globalization;
using Homelab.Benchmarks.Measuring;
using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.Benchmarks;

/// <summary>The command policy: from the line somebody wrote to the verdict.</summary>
internal sealed class PolicyBenchmark : IBenchmark
{
    private const int Runs = 200_000;

    private static readonly string[] s_allowed =
    [
        "df -h", "uptime", "ps aux", "systemctl status ssh --no-pager", "journalctl -u docker -n 100 --no-pager", "docker ps -a --format '{{.Names}}'", "docker logs --tail 100 traefik", "docker restart -t 30 gitea",
    ];

    private static readonly string[] s_denied =
    [
        "df --output=source", "uptimed", "ps -o cmd", "systemctl restart ssh", "journalctl --vacuum-size=1", "docker exec web id", "docker logs -f traefik", "sh -c id",
    ];

    private static readonly string[] s_refused =
    [
        "docker restart x; id", "df -h && reboot", "docker ps | sh", "echo $(id)", "df -h\nid", "docker logs 'web", "cat /var/log/*", "PATH=/tmp df -h",
    ];

    private static readonly string[] s_classics =
    [
        "docker restart web; rm -rf /home", "df -h\nid", "df -h && id", "uptime | sh", "docker restart $(id)", "docker logs `id`", "df -h > /etc/cron.d/x", "rm -fr /", "r''m -rf /", "bash -c 'rm -rf /'",
    ];

    public string Name => "policy";

    public string Note =>
        "CommandLine.Read and CommandPolicy.Decide with the rules of policy/seed.yaml on one thread, eight lines of each kind in turn; best of 5 rounds of 200,000 after as many for warm-up. The ten classic bypasses: ;, line break, &&, |, $(), backticks, >, other options, joined quotes, sh -c.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var policy = new CommandPolicy(await RulesAsync(cancellationToken));
        var place = new CommandPlace(new Target("host", "dev") { Aliases = ["100.64.0.1"] }, Face.Mcp);
        var passed = s_classics.Count(l => policy.Decide(CommandLine.Read(l), place).Verdict == CommandVerdict.Allow);
        var figures = new List<Figure> { Figure.Holds("of ten classic bypasses let through", passed.ToString(CultureInfo.InvariantCulture), "none", passed == 0) };
        foreach (var (kind, lines, verdict) in (IEnumerable<(string, string[], CommandVerdict)>)[("allowed", s_allowed, CommandVerdict.Allow), ("denied", s_denied, CommandVerdict.Deny), ("refused", s_refused, CommandVerdict.Deny), ("bypasses", s_classics, CommandVerdict.Deny)])
        {
            var other = Array.Find(lines, l => policy.Decide(CommandLine.Read(l), place).Verdict != verdict);
            if (other is not null) throw new InvalidOperationException($"{other} is not what it is measured as: {policy.Decide(CommandLine.Read(other), place).Reason}.");
            var next = 0;
            var (time, bytes) = Loop.Measure(Runs, () => policy.Decide(CommandLine.Read(lines[next++ % lines.Length]), place));
            figures.Add(Figure.AtLeast($"decisions per second, {kind}", 1e9 / time, 500_000, "/s"));
            figures.Add(Figure.Plain($"  allocated for one, {kind}", bytes, "B"));
        }

        return figures;
    }

    private static async Task<IReadOnlyList<CommandRule>> RulesAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hl-policy-");
        try
        {
            var file = Path.Combine(folder.FullName, "homelab.yaml");
            await File.WriteAllTextAsync(file, "apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: policy }\ninclude: [ \"shipped:policy/seed.yaml\" ]\n", cancellationToken);
            return new LabReader(ProviderList.Settings, static _ => null).Read(file).Lab.Policy.Commands;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
