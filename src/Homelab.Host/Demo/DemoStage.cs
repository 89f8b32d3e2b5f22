using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Web;
using Homelab.Lab;
using Homelab.Lab.Kuma;
using Spectre.Console;

namespace Homelab.Host.Demo;

/// <summary>What the demo plays on: the simulated homelab, and the product as <c>serve</c> runs it, from a lab file on disk.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly HomelabServer _server;

    private DemoStage(DirectoryInfo folder, SimulatedHomelab homelab, HomelabRuntime runtime, HomelabServer server, DemoStory story, IAnsiConsole console)
    {
        _folder = folder;
        _server = server;
        Homelab = homelab;
        Runtime = runtime;
        Story = story;
        Console = console;
    }

    internal SimulatedHomelab Homelab { get; }

    internal HomelabRuntime Runtime { get; }

    internal DemoStory Story { get; }

    internal IAnsiConsole Console { get; }

    internal static async Task<DemoStage> OpenAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("homelab-demo-");
        var homelab = await SimulatedHomelab.StartAsync(cancellationToken);
        foreach (var (name, value) in homelab.Tokens.Environment) Environment.SetEnvironmentVariable(name, value);
        var path = Path.Combine(folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(path, homelab.LabFile(), cancellationToken);

        var story = new DemoStory(console);
        var counters = new HealingCounters();
        var file = new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(path);
        var shipped = RunbookReader.Read(Path.Combine(AppContext.BaseDirectory, "runbooks"));
        var options = new RuntimeOptions { Observers = [story, counters], Runbooks = [.. shipped.Select(Hasten)] };
        var runtime = await HomelabRuntime.OpenAsync(file, options, cancellationToken);
        await runtime.StartHealingAsync(cancellationToken);
        var server = await HomelabServer.StartAsync(runtime, counters, file.Lab.Server.Listen, cancellationToken);
        // Kuma has looked at everything once before anybody breaks anything, as in a homelab that has run for a while.
        foreach (var service in HomelabPlan.Services) await homelab.Kuma.CheckNowAsync(service.Monitor, cancellationToken);
        homelab.Kuma.Hook = new KumaHook(new Uri(server.Url, "/hook/uptime-alert"), homelab.Tokens.Hook);
        homelab.Kuma.StartChecking();
        return new DemoStage(folder, homelab, runtime, server, story, console);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // First the alerts stop, then the one who takes them, then what it looks at.
        Homelab.Kuma.Hook = null;
        await _server.DisposeAsync();
        await Runtime.DisposeAsync();
        await Homelab.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // The shipped runbook with a shorter breath: nobody wants to watch a container settle for half a minute. The proof takes in the next look of Kuma, which comes every two seconds.
    private static Runbook Hasten(Runbook runbook) => runbook with
    {
        Throttle = runbook.Throttle with { Cooldown = TimeSpan.FromMilliseconds(200), Backoff = TimeSpan.FromMilliseconds(100) },
        Verify = runbook.Verify with { Settle = TimeSpan.FromMilliseconds(300), Within = TimeSpan.FromSeconds(4), Every = TimeSpan.FromMilliseconds(300) },
    };
}
