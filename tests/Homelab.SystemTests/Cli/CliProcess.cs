using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Homelab.Composition;

namespace Homelab.SystemTests.Cli;

/// <summary>The program as a user starts it: a process of its own, with arguments, an environment and a folder.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private CliProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is null)
            {
                _lines.Writer.TryComplete();
                return;
            }

            _output.Enqueue(e.Data);
            _lines.Writer.TryWrite(e.Data);
        };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is not null) _errors.Enqueue(e.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal IReadOnlyCollection<string> Output => _output;

    internal string Errors => string.Join('\n', _errors);

    /// <summary>Its standard input, where it was started with one of its own.</summary>
    internal StreamWriter Input => _process.StandardInput;

    internal static CliProcess Start(string folder, IReadOnlyDictionary<string, string> environment, IEnumerable<string> arguments, bool hasInput = false)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = hasInput, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var argument in arguments.Prepend(typeof(Host.HomelabProgram).Assembly.Location)) start.ArgumentList.Add(argument);
        // Who runs the tests may have a lab of their own.
        start.Environment.Remove(LabLocator.Variable);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new CliProcess(Process.Start(start)!);
    }

    /// <summary>The next line of the log that is this event, about this service where one is given.</summary>
    internal async Task<JsonElement> EventAsync(string name, string? service = null)
    {
        using var deadline = Deadline();
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(deadline.Token))
            {
                var entry = JsonDocument.Parse(line).RootElement;
                if (entry.GetProperty("event").GetString() == name && (service is null || entry.GetProperty("service").GetString() == service)) return entry;
            }
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No {name} {service}. There was:\n{string.Join('\n', Output)}\n{Errors}", e);
        }

        throw new InvalidOperationException($"It ended before {name} {service}:\n{string.Join('\n', Output)}\n{Errors}");
    }

    /// <summary>Starts the signal on its way, as a service manager does.</summary>
    internal async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>The exit code.</summary>
    internal async Task<int> EndAsync()
    {
        using var deadline = Deadline();
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_patience);
        return deadline;
    }
}
