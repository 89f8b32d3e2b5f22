using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Homelab.Providers.Mcp;

/// <summary>A server's program, with surroundings of its own. It is asked to end by the end of its input, and ended with all that it began when it does not.</summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private const int LongestComplaint = 4 * 1024;
    private const int Kill = 9;
    private const string SessionLeader = "/usr/bin/setsid";

    // How long it may take to end by itself.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly bool _leads;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<byte> _complaint = [];
    private readonly Task _listening;

    private ServerProgram(Process process, bool leads, TimeProvider time)
    {
        _process = process;
        _leads = leads;
        _time = time;
        Id = process.Id;
        _listening = ListenAsync(process.StandardError.BaseStream);
    }

    internal int Id { get; }

    /// <summary>What it reads.</summary>
    internal Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What it writes.</summary>
    internal Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>How it ended, as a part of a sentence; null while it runs.</summary>
    internal string? EndedAs => _process.HasExited ? $"ended with exit code {_process.ExitCode}" : null;

    /// <summary>The end of what it wrote to its error output, as it was written.</summary>
    internal string LastWords
    {
        get
        {
            lock (_lock) return Encoding.UTF8.GetString([.. _complaint]);
        }
    }

    /// <exception cref="HomelabException"><c>McpServerProgramNotFound</c> (NotFound).</exception>
    internal static ServerProgram Start(McpServerSettings settings, IReadOnlyDictionary<string, string> environment, ProviderContext context, McpFaults faults)
    {
        var program = Find(settings.Command!, context.BasePath) ?? throw faults.ProgramNotFound($"there is no program {settings.Command}");
        // In a session of its own it cannot leave behind what it began, and Ctrl+C at our prompt is ours alone.
        var leads = OperatingSystem.IsLinux() && File.Exists(SessionLeader);
        var start = new ProcessStartInfo(leads ? SessionLeader : program)
        {
            WorkingDirectory = Path.GetFullPath(settings.Folder ?? ".", context.BasePath),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (leads) start.ArgumentList.Add(program);
        foreach (var argument in settings.Arguments) start.ArgumentList.Add(argument);
        BareEnvironment.Give(start, Environment.GetEnvironmentVariable);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            return new ServerProgram(Process.Start(start) ?? throw new InvalidOperationException("no process was started"), leads, context.Time);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw faults.ProgramNotFound(ForeignText.Clean(e.Message, 200).TrimEnd('.'));
        }
    }

    /// <summary>Waits a moment for a program that is about to end, and for its last words.</summary>
    /// <returns>How it ended; null where it still runs.</returns>
    internal async Task<string?> WaitShortlyAsync()
    {
        using var shortly = new CancellationTokenSource(s_shortly, _time);
        try
        {
            await _process.WaitForExitAsync(shortly.Token).ConfigureAwait(false);
            await _listening.WaitAsync(shortly.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return EndedAs;
    }

    public async ValueTask DisposeAsync()
    {
        using (var grace = new CancellationTokenSource(s_grace, _time))
        {
            try
            {
                _process.StandardInput.Close();
                await _process.WaitForExitAsync(grace.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // It did not listen, or was gone: ended below.
            }
        }

        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        // What it left behind is of its session, also after its own end. Nobody there is no error.
        if (_leads) _ = SignalGroup(-Id, Kill);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        _process.Dispose();
    }

    private static string? Find(string command, string basePath)
    {
        if (command.AsSpan().ContainsAny('/', '\\')) return Path.GetFullPath(command, basePath) is var path && File.Exists(path) ? path : null;
        string[] names = OperatingSystem.IsWindows() ? [command + ".exe", command + ".cmd", command] : [command];
        // A relative folder would mean another one for each working folder.
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    // To the end, or it would stand still when nobody reads; the last of it is kept.
    private async Task ListenAsync(Stream errors)
    {
        var buffer = new byte[LongestComplaint];
        try
        {
            while (await errors.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                lock (_lock)
                {
                    _complaint.AddRange(buffer.AsSpan(0, read));
                    if (_complaint.Count > LongestComplaint) _complaint.RemoveRange(0, _complaint.Count - LongestComplaint);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SignalGroup(int group, int signal);
}
