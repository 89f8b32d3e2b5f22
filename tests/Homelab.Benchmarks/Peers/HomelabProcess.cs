using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Homelab.State;

namespace Homelab.Benchmarks.Peers;

/// <summary>The product as people run it: <c>homelab serve --lab …</c>, built for release, in a process and a folder of its own.</summary>
internal sealed class HomelabProcess : IAsyncDisposable
{
    /// <summary>The variable that names another build to measure, such as a published one: the path of its <c>homelab.dll</c>.</summary>
    internal const string ProgramVariable = "HOMELAB_BENCHMARK_PROGRAM";

    // The same for every run: it only keeps strangers on this machine out while it is measured.
    private static readonly string s_token = Guid.NewGuid().ToString("N");

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started;
    private Task _reading = Task.CompletedTask;

    private HomelabProcess(Process process, DirectoryInfo folder, long started)
    {
        _process = process;
        _folder = folder;
        _started = started;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null, AutomaticDecompression = DecompressionMethods.None });
    }

    /// <summary>What is measured: the program that was built with this one, unless another is named.</summary>
    internal static string Program { get; } = Environment.GetEnvironmentVariable(ProgramVariable) ?? Path.Combine(AppContext.BaseDirectory, "homelab.dll");

    /// <summary>Keeps its connections open.</summary>
    internal HttpClient Client { get; }

    /// <summary>The folder that its state is in.</summary>
    internal DirectoryInfo Folder => _folder;

    /// <summary>From the start of the process until its "ready" line was read.</summary>
    internal TimeSpan ReadyAfter { get; private set; }

    /// <summary>What it had used of the processors by then; unlike the time, that hardly depends on what else the machine does.</summary>
    internal TimeSpan ReadyCost { get; private set; }

    /// <summary>Where it listens.</summary>
    internal Uri Url => _ready.Task.Result;

    /// <summary>Memory that the process holds in RAM now, as the kernel counts it.</summary>
    internal double MegabytesResident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>The same in units of 2^20 bytes, in which aims that compare with others are given.</summary>
    internal double MebibytesResident => MegabytesResident * 1e6 / (1 << 20);

    internal static async Task<HomelabProcess> StartAsync(string lab, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null)
    {
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        var file = Path.Combine(folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(file, lab, cancellationToken);
        var runbooks = Directory.CreateDirectory(Path.Combine(folder.FullName, "runbooks"));
        await File.WriteAllTextAsync(Path.Combine(runbooks.FullName, "restart-only.yaml"), LabText.RestartOnly, cancellationToken);

        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = folder.FullName };
        foreach (var argument in (string[])[Program, "serve", "--lab", file]) start.ArgumentList.Add(argument);
        start.Environment[LabText.TokenVariable] = s_token;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        var from = Stopwatch.GetTimestamp();
        var homelab = new HomelabProcess(Process.Start(start)!, folder, from);
        homelab._reading = Task.Run(homelab.ReadAsync, CancellationToken.None);
        await homelab._ready.Task.WaitAsync(cancellationToken);
        return homelab;
    }

    /// <summary>Sends an alert.</summary>
    /// <returns>When it was sent, and when the 202 had come.</returns>
    /// <exception cref="InvalidOperationException">It was not accepted.</exception>
    internal async Task<(long Sent, long Accepted)> PostAsync(string monitor, int number, CancellationToken cancellationToken)
    {
        using var request = KumaAlert.Request(Url, s_token, KumaAlert.Body(monitor, number));
        var sent = Stopwatch.GetTimestamp();
        using var answer = await Client.SendAsync(request, cancellationToken);
        var accepted = Stopwatch.GetTimestamp();
        if (answer.StatusCode != HttpStatusCode.Accepted) throw new InvalidOperationException($"An alert was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return (sent, accepted);
    }

    /// <summary>Incidents that are not closed, as <c>/health</c> says.</summary>
    internal async Task<int> OpenIncidentsAsync(CancellationToken cancellationToken)
    {
        using var health = JsonDocument.Parse(await Client.GetStringAsync(new Uri(Url, "/health"), cancellationToken));
        return health.RootElement.GetProperty("openIncidents").GetInt32();
    }

    /// <summary>Kills the process, as a crash would, and reads what it left on disk.</summary>
    internal async Task<T> KillAndReadAsync<T>(Func<SqliteStore, Task<T>> read)
    {
        await KillAsync();
        await using var store = await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, new ServerDefinition().State), TimeProvider.System, CancellationToken.None);
        return await read(store);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    // Its log is read all the time, as a service manager would.
    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (_ready.Task.IsCompleted) continue;
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("event").GetString() != "ready") continue;
            ReadyAfter = Stopwatch.GetElapsedTime(_started);
            _process.Refresh();
            ReadyCost = _process.TotalProcessorTime;
            _ready.TrySetResult(new Uri(entry.RootElement.GetProperty("text").GetString()!.Split(' ')[^1]));
        }

        _ready.TrySetException(new InvalidOperationException("homelab serve ended before it was ready."));
    }
}
