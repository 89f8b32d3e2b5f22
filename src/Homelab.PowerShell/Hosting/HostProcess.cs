using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Homelab.PowerShell.Hosting;

/// <summary>
/// The program <c>homelab</c> as a child process that cannot outlive us: it ends when its standard input does, which also happens when this process is killed.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    // Enough to see why it failed.
    private const int MostErrors = 20;

    // Longer than it takes by itself to end in good order, requests and store included.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(25);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<string> _errors = new();

    private HostProcess(Process process) => _process = process;

    /// <summary>Its process id.</summary>
    internal int Id => _process.Id;

    /// <summary>True while it runs.</summary>
    internal bool IsRunning => !_process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="firstLine">What it reads first; null for nothing.</param>
    /// <param name="variables">Environment variables that it gets besides ours.</param>
    internal static async Task<HostProcess> StartAsync(HostProgram program, IEnumerable<string> arguments, string folder, string? firstLine, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program.FileName, [.. program.Arguments, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        var host = new HostProcess(new Process { StartInfo = start });
        host._process.OutputDataReceived += (_, line) => host.Take(line.Data);
        host._process.ErrorDataReceived += (_, line) => host.TakeError(line.Data);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        if (firstLine is not null)
        {
            await host._process.StandardInput.WriteLineAsync(firstLine).ConfigureAwait(false);
            await host._process.StandardInput.FlushAsync().ConfigureAwait(false);
        }

        return host;
    }

    /// <summary>The lines it prints, until it ends.</summary>
    /// <exception cref="HomelabException"><c>HostFailed</c> (Failed): it ended by itself, and not well; with what it said.</exception>
    internal async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return line;
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (_process.ExitCode == 0) yield break;
        string said;
        lock (_errors) said = string.Join(Environment.NewLine, _errors);
        throw new HomelabException(ErrorKind.Failed, "HostFailed", $"The program homelab ended with exit code {_process.ExitCode}. {said}".TrimEnd(), _process.StartInfo.FileName);
    }

    /// <summary>Ends it in good order; kills it when that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited) _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(s_ending);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }
        finally
        {
            _process.Dispose();
        }
    }

    private void Take(string? line)
    {
        if (line is null) _lines.Writer.TryComplete();
        else _lines.Writer.TryWrite(line);
    }

    private void TakeError(string? line)
    {
        if (line is null) return;
        lock (_errors)
        {
            if (_errors.Count == MostErrors) _errors.Dequeue();
            _errors.Enqueue(line);
        }
    }
}
