using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Homelab.Benchmarks.Peers;

/// <summary>The product as an AI client starts it: <c>homelab mcp --lab …</c>, spoken to through its pipes.</summary>
internal sealed class McpStdioProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<int>> _open = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;
    private readonly Task _errors;
    private int _id;

    private McpStdioProcess(Process process, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
        _reading = Task.Run(ReadAsync);
        _errors = Task.Run(process.StandardError.ReadToEndAsync);
    }

    /// <summary>Memory that the process holds in RAM now, as the kernel counts it, in units of 2^20 bytes.</summary>
    internal double MebibytesResident
    {
        get
        {
            _process.Refresh();
            return (double)_process.WorkingSet64 / (1 << 20);
        }
    }

    /// <summary>From the start of the process until the list of tools, asked for in the same breath as the introduction, was there.</summary>
    internal TimeSpan ListedAfter { get; private set; }

    internal static async Task<McpStdioProcess> StartAsync(string lab, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        var file = Path.Combine(folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(file, lab, cancellationToken);
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
        foreach (var argument in (string[])[HomelabProcess.Program, "mcp", "--lab", file]) start.ArgumentList.Add(argument);
        start.Environment[LabText.TokenVariable] = "nobody-uses-it";
        var from = Stopwatch.GetTimestamp();
        var process = new McpStdioProcess(Process.Start(start)!, folder);
        process._open[0] = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await process.WriteAsync(McpMessage.Initialize, cancellationToken);
        await process.WriteAsync(McpMessage.Initialized, cancellationToken);
        await process.SendAsync(McpMessage.List, cancellationToken);
        process.ListedAfter = Stopwatch.GetElapsedTime(from);
        return process;
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <returns>How long its answer is.</returns>
    /// <exception cref="InvalidOperationException">It was answered with an error, or not any more.</exception>
    internal async Task<int> SendAsync(McpMessage message, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _id);
        var answer = _open[id] = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await WriteAsync(message.Text(id), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _reading;
        await _errors;
        _process.Dispose();
        _writing.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task WriteAsync(string line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var id = IdOf(line);
            if (id is null || !_open.TryRemove(id.Value, out var answer)) continue;
            if (!line.StartsWith("{\"result\":", StringComparison.Ordinal) || line.Contains("\"isError\":true", StringComparison.Ordinal)) answer.TrySetException(new InvalidOperationException($"It was answered: {line[..Math.Min(line.Length, 500)]}"));
            else answer.TrySetResult(line.Length);
        }

        foreach (var answer in _open.Values) answer.TrySetException(new InvalidOperationException("homelab mcp has ended."));
    }

    // Reading a long answer as JSON would cost more than making it. Its number is what it ends with, or begins with.
    private static int? IdOf(string line)
    {
        const string Id = "\"id\":";
        var at = line.LastIndexOf(Id, StringComparison.Ordinal);
        if (at < 0) return null;
        var rest = line.AsSpan(at + Id.Length);
        return int.TryParse(rest[..rest.IndexOfAnyExceptInRange('0', '9')], CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}
