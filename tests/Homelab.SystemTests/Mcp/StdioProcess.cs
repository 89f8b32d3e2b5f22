using System.Diagnostics;
using System.Text.Json.Nodes;
using Homelab.Host;

namespace Homelab.SystemTests.Mcp;

/// <summary>The program's MCP face seen from below the SDK: lines in, lines out.</summary>
internal sealed class StdioProcess : IAsyncDisposable
{
    // Protects from hanging only: on a busy machine a process takes long to begin and to end.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private StdioProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal static StdioProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in arguments.Prepend("mcp").Prepend(typeof(HomelabProgram).Assembly.Location)) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new StdioProcess(Process.Start(start)!);
    }

    internal async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    internal async Task<JsonNode> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_patience);
        return JsonNode.Parse(line ?? throw new InvalidOperationException($"It ended: {await _errors}"))!;
    }

    /// <summary>Introduces itself as an older client.</summary>
    internal async Task InitializeAsync()
    {
        await SendAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        Assert.Equal("2025-06-18", (string?)(await ReadAsync())["result"]!["protocolVersion"]);
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    internal void CloseInput() => _process.StandardInput.Close();

    internal async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the end: the code, and what was still printed.</summary>
    internal async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
        return (_process.ExitCode, output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
