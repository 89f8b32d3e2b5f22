using System.Text;
using Homelab.Lab.Kuma;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Cli;

/// <summary>A simulated homelab, and the program started on it again and again. At the end it is proved that no secret was printed or kept.</summary>
internal sealed class CliBench : IAsyncDisposable
{
    private readonly List<CliProcess> _processes = [];

    private CliBench(LabStage stage) => Stage = stage;

    internal LabStage Stage { get; }

    internal static async Task<CliBench> OpenAsync(Func<string, string>? edit = null) => new(await LabStage.OpenAsync(TestContext.Current.CancellationToken, edit));

    /// <summary>Starts the program and leaves it running.</summary>
    internal CliProcess Start(params string[] arguments)
    {
        var process = CliProcess.Start(Stage.Folder, Stage.Environment, arguments);
        _processes.Add(process);
        return process;
    }

    /// <summary>Starts the program as a parent process does: with a standard input of its own, and this as the first thing said on it.</summary>
    internal CliProcess StartAttached(string said, params string[] arguments)
    {
        var process = CliProcess.Start(Stage.Folder, Stage.Environment, arguments, hasInput: true);
        _processes.Add(process);
        process.Input.Write(said);
        process.Input.Flush();
        return process;
    }

    /// <summary>Starts the program and waits for its end.</summary>
    internal async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var process = Start(arguments);
        var code = await process.EndAsync();
        return (code, string.Join('\n', process.Output), process.Errors);
    }

    /// <summary>Starts <c>serve</c> and lets Kuma tell it what happens.</summary>
    internal async Task<(CliProcess Process, Uri Url)> ServeAsync(params string[] arguments)
    {
        var process = Start(["serve", .. arguments]);
        return (process, await ReadyAsync(process));
    }

    /// <summary>Waits until <c>serve</c> listens, and lets Kuma tell it what happens.</summary>
    internal async Task<Uri> ReadyAsync(CliProcess process)
    {
        var ready = (await process.EventAsync("ready")).GetProperty("text").GetString()!;
        Assert.StartsWith("lab 'thinmint' on http://127.0.0.1:", ready, StringComparison.Ordinal);
        var url = new Uri(ready[ready.IndexOf("http", StringComparison.Ordinal)..]);
        Stage.Homelab.Kuma.Hook = new KumaHook(new Uri(url, "/hook/uptime-alert"), Stage.Homelab.Tokens.Hook);
        return url;
    }

    /// <summary>Crashes a service and lets Kuma see it.</summary>
    internal async Task CrashAsync(string service, string monitor)
    {
        Stage.Homelab.ContainerOf(service).Crash(137);
        await Stage.Homelab.Kuma.CheckNowAsync(monitor, TestContext.Current.CancellationToken);
        Assert.Equal(202, Stage.Homelab.Kuma.Deliveries.Last().Status);
    }

    public async ValueTask DisposeAsync()
    {
        Stage.Homelab.Kuma.Hook = null;
        foreach (var process in _processes) await process.DisposeAsync();
        var printed = string.Join('\n', _processes.SelectMany(p => p.Output.Append(p.Errors)));
        var kept = Directory.EnumerateFiles(Stage.Folder, "*.db*").ToDictionary(f => f, File.ReadAllBytes, StringComparer.Ordinal);
        var secrets = Stage.Secrets;
        await Stage.DisposeAsync();
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, printed, StringComparison.Ordinal);
            foreach (var (file, bytes) in kept) Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"A secret is in {file}.");
        }
    }
}
