using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Homelab.Tests;

namespace Homelab.SystemTests.Web.Access;

/// <summary>The official TypeScript client as a child process. It is installed once, of one version, outside the repository.</summary>
internal sealed class OfficialClient : IAsyncDisposable
{
    private const string Version = "1.29.0";

    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), $"homelab-mcp-client-{Version}-{Environment.UserName}");
    private static readonly string s_script = Installed("mcp-client");
    private static readonly string s_server = Installed("mcp-server");
    private static readonly Lazy<Task<string?>> s_installed = new(InstallAsync);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private OfficialClient(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static Task<OfficialClient> StartAsync(params string[] arguments) => StartAsync(new { }, arguments);

    /// <summary>Starts it with a script: what it does besides coming in and listing the tools. The head of the script file says what there is.</summary>
    internal static async Task<OfficialClient> StartAsync(object script, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        Peer.Require("node", await s_installed.Value);
        return new OfficialClient(Start("node", [s_script, .. arguments], [.. environment ?? new Dictionary<string, string>(StringComparer.Ordinal), new("MCP_SCRIPT", JsonSerializer.Serialize(script))]));
    }

    /// <summary>The script of the official server, for node, beside what it needs; skips with the reason where that cannot be installed.</summary>
    internal static async Task<string> ServerAsync()
    {
        Peer.Require("node", await s_installed.Value);
        return Path.Combine(s_folder, s_server);
    }

    /// <summary>The next line that it says.</summary>
    internal async Task<JsonElement> HearAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(Cancellation) ?? throw new InvalidOperationException($"The client said nothing but: {await _errors}");
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>The names of the tools that it was shown, as its next line says.</summary>
    internal async Task<string[]> ToolsAsync() => [.. (await HearAsync()).GetProperty("tools").EnumerateArray().Select(static t => t.GetString()!)];

    internal async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), Cancellation);
        await _process.StandardInput.FlushAsync(Cancellation);
    }

    /// <summary>What it says when it cannot come in.</summary>
    internal async Task<string> FailAsync()
    {
        var errors = await _errors.WaitAsync(Cancellation);
        await _process.WaitForExitAsync(Cancellation);
        Assert.NotEqual(0, _process.ExitCode);
        return errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    // By its exact version, and without the scripts of packages. Two test runs at once install the same into the same folder.
    private static async Task<string?> InstallAsync()
    {
        try
        {
            Directory.CreateDirectory(s_folder);
            Lay("mcp-client", s_script);
            Lay("mcp-server", s_server);
            if (File.Exists(Path.Combine(s_folder, "installed"))) return null;
            await File.WriteAllTextAsync(Path.Combine(s_folder, "package.json"), "{\"private\":true,\"type\":\"module\"}", Cancellation);
            using var npm = Start("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", $"@modelcontextprotocol/sdk@{Version}"]);
            npm.StandardInput.Close();
            var output = npm.StandardOutput.ReadToEndAsync(Cancellation);
            var errors = await npm.StandardError.ReadToEndAsync(Cancellation);
            await npm.WaitForExitAsync(Cancellation);
            if (npm.ExitCode != 0) return $"npm cannot install the official MCP client {Version}: {ForeignText.Clean(errors + await output, 500)}";
            await File.WriteAllTextAsync(Path.Combine(s_folder, "installed"), Version, Cancellation);
            return null;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"node and npm are not on this machine: {e.Message}";
        }
    }

    // Whole or not at all: the client of another test run may just be reading it.
    private static void Lay(string script, string name)
    {
        var path = Path.Combine(s_folder, name);
        var under = $"{path}.{Guid.NewGuid():n}";
        File.Copy(Source(script), under);
        File.Move(under, path, overwrite: true);
    }

    private static string Source(string script) => Path.Combine(AppContext.BaseDirectory, "Data", $"{script}.mjs");

    // By what is in it: other versions of these tests may run beside this one, from the same folder.
    private static string Installed(string script) => $"{script}-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Source(script))))[..16]}.mjs";

    private static Process Start(string program, string[] arguments, params KeyValuePair<string, string>[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = s_folder };
        // On loopback alone, whatever the machine's proxy is.
        if (program == "node") start.Environment["NO_PROXY"] = "127.0.0.1,localhost";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
