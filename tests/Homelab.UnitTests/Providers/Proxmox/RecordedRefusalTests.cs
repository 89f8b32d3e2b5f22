using System.Text;
using System.Text.RegularExpressions;
using Homelab.Providers.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Every refusal that was recorded from a real Proxmox VE 9.1.9 means what a person would say it means.</summary>
public sealed partial class RecordedRefusalTests
{
    private const string Missing = "The recorded exchanges are not beside this checkout (../shared/pve/samples).";

    private static readonly ProxmoxCredential s_token = new ProxmoxToken(
        new ProxmoxSettings { Url = new Uri("https://pve:8006"), TokenId = "root@pam!lab" },
        new ProviderContext(new LabDefinition { Name = "test" }, AppContext.BaseDirectory, new Secrets(), TimeProvider.System));

    // What a reason phrase means; what is not here is judged by its status alone.
    private static readonly (string Reason, string Id)[] s_expected =
    [
        ("does not exist", "ProxmoxNotFound"),
        ("no such file '/api3", "ProxmoxFailed"),
        ("no such ", "ProxmoxNotFound"),
        ("hostname lookup 'nosuch' failed", "ProxmoxNotFound"),
        ("no rule at position", "ProxmoxNotFound"),
        ("already exists", "ProxmoxConflict"),
        ("already defined", "ProxmoxConflict"),
        ("already running", "ProxmoxConflict"),
        ("not running", "ProxmoxConflict"),
        ("is running", "ProxmoxConflict"),
        ("is locked", "ProxmoxConflict"),
        ("protection mode enabled", "ProxmoxConflict"),
        ("checksum mismatch", "ProxmoxConflict"),
        ("only root can set", "ProxmoxDenied"),
    ];

    public static TheoryData<string> Recordings => Folder is null ? ["none"] : [.. Directory.GetFiles(Folder, "*.txt").Select(static f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private static string? Folder => Repository.Shared is { } shared && Path.Combine(shared, "pve", "samples") is var folder && Directory.Exists(folder) ? folder : null;

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Each_refusal_is_taken_for_what_it_is(string file)
    {
        if (Folder is null) Assert.Skip(Missing);
        var refusals = Refusals(File.ReadAllText(Path.Combine(Folder!, file))).ToList();
        foreach (var (request, answer) in refusals)
        {
            var e = ProxmoxErrors.Answered("pve:8006", request, answer, s_token);

            var id = answer.Status switch
            {
                400 => "ProxmoxInvalid",
                401 => "ProxmoxLoginRefused",
                403 => "ProxmoxDenied",
                424 => "ProxmoxConflict",
                501 => "ProxmoxUnsupported",
                _ => s_expected.FirstOrDefault(x => answer.Reason.Contains(x.Reason, StringComparison.Ordinal)).Id ?? "ProxmoxFailed",
            };
            Assert.True(e.Id == id, $"{request} → {answer.Status} {answer.Reason}: {e.Id}, not {id}");
            // Nobody is left with a bare status: the words of Proxmox are there, one line, and so is what to do.
            Assert.True(ForeignText.IsClean(e.Message), e.Message);
            Assert.NotEmpty(e.WayOut);
            if (answer.Status == 400) Assert.NotEmpty(Assert.IsType<ProxmoxRefusal>(e).Fields);
            else Assert.Contains(answer.Reason.TrimEnd('.')[..Math.Min(answer.Reason.Length - 1, 20)].TrimEnd(), answer.Status == 403 ? Assert.IsType<ProxmoxRefusal>(e).Said : e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_recordings_hold_refusals_of_every_kind()
    {
        if (Folder is null) Assert.Skip(Missing);
        var all = Directory.GetFiles(Folder!, "*.txt").SelectMany(f => Refusals(File.ReadAllText(f))).ToList();

        Assert.InRange(all.Count, 90, int.MaxValue);
        Assert.Superset(new HashSet<int> { 400, 401, 403, 500, 501 }, all.Select(static r => r.Answer.Status).ToHashSet());
    }

    private static IEnumerable<(ProxmoxRequest Request, ProxmoxAnswer Answer)> Refusals(string text)
    {
        ProxmoxRequest? request = null;
        ProxmoxAnswer? answer = null;
        var inBody = false;
        foreach (var line in text.Split('\n').Append("> end"))
        {
            if (line.StartsWith('>') && answer is { IsSuccess: false }) yield return (request!, answer);
            if (line.StartsWith('>')) answer = null;
            if (RequestPattern().Match(line) is { Success: true } asked)
            {
                request = new ProxmoxRequest(new HttpMethod(asked.Groups["method"].Value), asked.Groups["path"].Value, ProxmoxForm.Empty, ProxmoxWire.Prompt);
            }
            else if (StatusPattern().Match(line) is { Success: true } status)
            {
                answer = new ProxmoxAnswer(int.Parse(status.Groups["status"].Value), status.Groups["reason"].Value.Trim(), null, default);
                inBody = false;
            }
            else if (line == "<")
            {
                inBody = true;
            }
            else if (inBody && answer is { Body.IsEmpty: true } && line.StartsWith("< ", StringComparison.Ordinal))
            {
                answer = answer with { Body = Encoding.UTF8.GetBytes(line[2..]) };
            }
        }
    }

    [GeneratedRegex(@"^> (?<method>[A-Z]+) (/api2/json)?(?<path>\S+) HTTP/1\.1", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestPattern();

    [GeneratedRegex(@"^< HTTP/1\.1 (?<status>[0-9]{3}) ?(?<reason>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatusPattern();
}
