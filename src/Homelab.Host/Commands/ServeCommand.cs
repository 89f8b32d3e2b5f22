using System.CommandLine;
using System.Runtime.InteropServices;
using Homelab.Composition;
using Homelab.Host.Logging;
using Homelab.Host.Web;

namespace Homelab.Host.Commands;

/// <summary><c>homelab serve</c>: listens for alerts and heals, until it is told to stop.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        var lab = LabOption.Create();
        var command = new Command("serve", "Listen for alerts and heal, until Ctrl+C or SIGTERM.") { lab };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lab, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<FileInfo?> lab, CancellationToken cancellationToken)
    {
        var file = LabOption.Read(parsed, lab);
        var log = new JsonLog(Console.Out, TimeProvider.System);
        foreach (var warning in file.Warnings) log.Write("configurationWarning", warning.ToString());
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // System.CommandLine turns Ctrl+C into cancellation; a service manager sends SIGTERM.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });

        var counters = new HealingCounters();
        await using var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { Observers = [log, counters] }, stopping.Token);
        log.Redactor = runtime.Redactor;
        if (await HookTokens.CheckAsync(runtime, stopping.Token) is { Count: > 0 } missing) throw new ConfigurationException(missing);
        // First what was left open, then new alerts: nothing may act on a target whose last change is not settled.
        await runtime.StartHealingAsync(stopping.Token);
        await using var server = await HomelabServer.StartAsync(runtime, counters, file.Lab.Server.Listen, stopping.Token);
        log.Write("ready", $"lab '{file.Lab.Name}' on {server.Url}");
        await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        log.Write("stopping", "what is under way is left to the journal and taken up at the next start");
        return HomelabProgram.Ok;
    }
}
