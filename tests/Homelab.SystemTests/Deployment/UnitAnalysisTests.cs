using System.Diagnostics;
using Homelab.Composition.Deployment;
using Homelab.Tests;

namespace Homelab.SystemTests.Deployment;

/// <summary>What systemd itself says of the unit, without starting it.</summary>
public sealed class UnitAnalysisTests : IDisposable
{
    // In tenths, as measured with systemd 252: 1.6, of which 0.8 is the network that the program is there to talk to. 9.6 is a unit without any hardening.
    private const int Exposure = 16;

    // The offline look at a unit file came with 250.
    private const int OldestForSecurity = 250;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-unit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Systemd_finds_no_mistake_in_it()
    {
        await VersionAsync();
        // A program that is there: its absence would be the one mistake.
        Assert.Equal((0, ""), await VerifyAsync(new ServiceUnit { Program = "/bin/true" }.Render()));
    }

    [Fact]
    public async Task Systemd_finds_no_mistake_in_one_with_odd_paths_and_everything_asked_for()
    {
        await VersionAsync();
        var unit = new ServiceUnit
        {
            Program = "/bin/true",
            LabFile = "/etc/the \"lab\" of $HOME, 50% %i/it's.yaml",
            UsesDockerGroup = true,
            Secrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["hook"] = "/etc/a b/50%/hook" },
        };
        Assert.Equal((0, ""), await VerifyAsync(unit.Render()));
    }

    [Fact]
    public async Task Systemd_does_tell_a_mistake()
    {
        await VersionAsync();
        var (_, says) = await VerifyAsync(new ServiceUnit { Program = "/bin/true" }.Render().Replace("RestrictNamespaces=", "RestrictNamespace=", StringComparison.Ordinal));
        Assert.Contains("RestrictNamespace", says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_exposed_no_more_than_was_measured()
    {
        Peer.Require("systemd-analyze", await VersionAsync() < OldestForSecurity ? $"systemd-analyze is older than {OldestForSecurity} and cannot look at a file" : null);
        var file = Write(new ServiceUnit().Render());
        var (code, says) = await RunAsync("security", "--offline=yes", $"--threshold={Exposure}", "--no-pager", file);
        Assert.True(code == 0, says);
        (code, _) = await RunAsync("security", "--offline=yes", $"--threshold={Exposure}", "--no-pager", Write("[Service]\nExecStart=/bin/true\n"));
        Assert.NotEqual(0, code);
    }

    private static async Task<int> VersionAsync()
    {
        var there = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static p => File.Exists(Path.Combine(p, "systemd-analyze")));
        Peer.Require("systemd-analyze", there ? null : "systemd-analyze is not installed: apt-get install systemd");
        // "systemd 252 (252.38-1~deb12u1)"
        var (_, says) = await RunAsync("--version");
        return int.Parse(says.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<(int Code, string Says)> VerifyAsync(string unit)
    {
        // Only what it says of this file: the machine's own units may be at fault, too.
        var (code, says) = await RunAsync("verify", "--man=no", "--recursive-errors=no", Write(unit));
        return (code, string.Join('\n', says.Split('\n').Where(l => l.Contains("homelab", StringComparison.Ordinal))));
    }

    private string Write(string unit)
    {
        var file = Path.Combine(_folder.FullName, ServiceUnit.Name);
        File.WriteAllText(file, unit);
        return file;
    }

    private static async Task<(int Code, string Says)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("systemd-analyze", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + errors);
    }
}
