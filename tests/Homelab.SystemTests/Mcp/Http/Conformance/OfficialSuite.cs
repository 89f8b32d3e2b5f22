using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Homelab.Tests;

namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>The official conformance suite in two versions, and the Node that it needs, from npm. They are kept outside of the checkout, for the next run.</summary>
internal static class OfficialSuite
{
    /// <summary>As <see cref="Peer"/> knows it.</summary>
    internal const string Name = "conformance";

    private const string Node = "24.21.0";
    private const string Package = "@modelcontextprotocol/conformance";

    private static readonly Lazy<Task<(string? Folder, string? Missing)>> s_installed = new(InstallAsync);

    // Protects from hanging only: all of it takes a minute at most on a slow machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static string Platform =>
        $"node-{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "darwin" : "linux")}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    /// <summary>Where it is installed; skips with the reason where it cannot be.</summary>
    internal static async Task<string> FolderAsync()
    {
        var (folder, missing) = await s_installed.Value;
        Peer.Require(Name, missing);
        return folder!;
    }

    /// <summary>Runs one version of it against a server.</summary>
    /// <param name="version"><c>0.1</c> or <c>0.2</c>.</param>
    /// <param name="url">The server.</param>
    /// <param name="arguments">What to run.</param>
    /// <returns>What it found out, by scenario.</returns>
    internal static async Task<SuiteResult> RunAsync(string version, Uri url, params string[] arguments)
    {
        var folder = await FolderAsync();
        var results = Directory.CreateTempSubdirectory("hl-conformance-");
        try
        {
            var node = Path.Combine(folder, "node_modules", Platform, "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");
            string[] all = [Path.Combine(folder, "node_modules", $"suite-{version}", "dist", "index.js"), "server", "--url", url.AbsoluteUri, "-o", results.FullName, .. arguments];
            var (code, output) = await StartAsync(node, all, folder);
            var checks = new Dictionary<string, IReadOnlyList<SuiteCheck>>(StringComparer.Ordinal);
            foreach (var file in Directory.EnumerateFiles(results.FullName, "checks.json", SearchOption.AllDirectories))
            {
                var scenario = Path.GetFileName(Path.GetDirectoryName(file))!;
                var read = JsonSerializer.Deserialize<List<SuiteCheck>>(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;
                checks[scenario] = read;
            }

            return new SuiteResult(code, output, checks);
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    private static async Task<(string? Folder, string? Missing)> InstallAsync()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "homelab-tests", $"conformance-0.1.16-0.2.0-alpha.12-node-{Node}");
        if (Directory.Exists(folder)) return (folder, null);
        var under = Directory.CreateDirectory($"{folder}.{Guid.NewGuid():n}").FullName;
        try
        {
            var manifest = new { @private = true, dependencies = new Dictionary<string, string>(StringComparer.Ordinal) { [Platform] = Node, ["suite-0.1"] = $"npm:{Package}@0.1.16", ["suite-0.2"] = $"npm:{Package}@0.2.0-alpha.12" } };
            await File.WriteAllTextAsync(Path.Combine(under, "package.json"), JsonSerializer.Serialize(manifest));
            // No script of any package is run.
            var (code, output) = await StartAsync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"], under);
            if (code != 0) return (null, $"npm cannot install the suite: {output.Trim()}");
            Directory.Move(under, folder);
            return (folder, null);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, $"npm cannot be started: {e.Message}");
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was faster.
            return (folder, null);
        }
        finally
        {
            if (Directory.Exists(under)) Directory.Delete(under, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> StartAsync(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await errors);
    }
}

/// <summary>What the suite found out.</summary>
internal sealed record SuiteResult(int Code, string Output, IReadOnlyDictionary<string, IReadOnlyList<SuiteCheck>> Scenarios)
{
    /// <summary>What is not as it must be: scenario, check and reason.</summary>
    internal string[] Failures => [.. Scenarios.SelectMany(s => s.Value.Where(c => c.Status is "FAILURE").Select(c => $"{s.Key}: {c.Id}: {c.ErrorMessage}")).Order(StringComparer.Ordinal)];

    /// <summary>What is as it must be, but not as it should.</summary>
    internal string[] Warnings => [.. Scenarios.SelectMany(s => s.Value.Where(c => c.Status is "WARNING").Select(c => $"{s.Key}: {c.Id}: {c.ErrorMessage}")).Order(StringComparer.Ordinal)];

    /// <summary>The same without scenarios whose name has that in it.</summary>
    internal SuiteResult Without(string part) => this with { Scenarios = Scenarios.Where(s => !s.Key.Contains(part, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal) };

    internal int Passed => Scenarios.Sum(s => s.Value.Count(c => c.Status is "SUCCESS"));
}

/// <summary>One check of a scenario.</summary>
internal sealed record SuiteCheck(string Id, string Status, string? ErrorMessage);
