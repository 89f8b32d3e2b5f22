using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Homelab.Benchmarks.Peers;

/// <summary>A simulated Docker Engine in a child process, seen from the parent.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _first = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _restarts = new();
    private readonly TaskCompletionSource<string> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process) => _process = process;

    /// <summary><c>tcp://127.0.0.1:…</c>.</summary>
    internal string Endpoint => _endpoint.Task.Result;

    /// <summary>The containers for which a restart was asked, in order, as often as it was.</summary>
    internal IReadOnlyList<string> Restarts => [.. _restarts];

    internal static async Task<EngineProcess> StartAsync(int containers, bool healthy, CancellationToken cancellationToken, int logLines = 0)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(EngineProcess).Assembly.Location, EngineRole.Argument, healthy ? EngineRole.Healthy : "crashed", containers.ToString(CultureInfo.InvariantCulture), logLines.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        var engine = new EngineProcess(Process.Start(start)!);
        _ = Task.Run(engine.ReadAsync, CancellationToken.None);
        await engine._endpoint.Task.WaitAsync(cancellationToken);
        return engine;
    }

    /// <summary>When the first restart of a container was asked for.</summary>
    internal Task<long> FirstRestartAsync(string name) => First(name).Task;

    /// <summary>Ends when somebody listens to its events.</summary>
    internal Task WatchedAsync(CancellationToken cancellationToken) => First(EngineRole.Watched).Task.WaitAsync(cancellationToken);

    /// <summary>Lets a container's health check fail.</summary>
    /// <returns>When.</returns>
    internal async Task<long> MakeUnhealthyAsync(string name, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(name.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await First("!" + name).Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var blank = line.LastIndexOf(' ');
            var (what, at) = (line[..blank], long.Parse(line[(blank + 1)..], CultureInfo.InvariantCulture));
            if (at == 0)
            {
                _endpoint.TrySetResult(what);
                continue;
            }

            if (what[0] != '!') _restarts.Enqueue(what);
            First(what).TrySetResult(at);
        }

        _endpoint.TrySetException(new InvalidOperationException("The engine's process ended before it was ready."));
    }

    private TaskCompletionSource<long> First(string what) => _first.GetOrAdd(what, static _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
