using System.CommandLine;
using Homelab.Composition;
using Homelab.Host.Attached;
using Homelab.Host.Logging;
using Homelab.Host.Web;

namespace Homelab.Host.Commands;

/// <summary><c>homelab serve</c>: listens for alerts, heals and keeps the schedule, until it is told to stop. Each line of its standard output is a <see cref="HomelabEvent"/>.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        var lab = LabOption.Create();
        var attached = new Option<bool>("--attached") { Description = "For a parent process: take secrets from the first line of standard input, {\"secrets\":{\"vault:name\":\"value\"}} or {}, and stop when standard input closes." };
        var only = new Option<ServePart?>("--only") { Description = "listener: do not keep the schedule. schedule: keep it alone; open no port and heal no alert. Both when not given." };
        var command = new Command("serve", "Listen for alerts, heal and keep the schedule, until Ctrl+C or SIGTERM.") { lab, attached, only };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lab, parsed.GetValue(attached), parsed.GetValue(only), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<FileInfo?> lab, bool isAttached, ServePart? only, CancellationToken cancellationToken)
    {
        using var lifeline = new Lifeline(cancellationToken);
        try
        {
            await ServeAsync(parsed, lab, isAttached, only, lifeline);
        }
        catch (OperationCanceledException) when (lifeline.Ended.IsCancellationRequested)
        {
            // Told to stop before it was ready: it has stopped, which is what was asked for.
        }

        return HomelabProgram.Ok;
    }

    private static async Task ServeAsync(ParseResult parsed, Option<FileInfo?> lab, bool isAttached, ServePart? only, Lifeline lifeline)
    {
        var vault = isAttached ? await TakeSecretsAsync(lifeline) : null;
        var file = LabOption.Read(parsed, lab);
        var log = new JsonLog(Console.Out, TimeProvider.System);
        foreach (var warning in file.Warnings) log.Write("configurationWarning", warning.ToString());

        var counters = new HealingCounters();
        await using var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { Observers = [log, counters], Vault = vault }, lifeline.Ended);
        log.Redactor = runtime.Redactor;
        await using var server = only == ServePart.Schedule ? null : await ListenAsync(runtime, counters, log, lifeline.Ended);
        if (only != ServePart.Listener) await runtime.StartScheduleAsync(lifeline.Ended);
        await using var watch = LabOption.Watch(parsed, lab, runtime, log);
        log.Write("ready", $"lab '{file.Lab.Name}' {(server is null ? "keeps the schedule alone" : $"on {server.Url}")}");
        await lifeline.UntilEndedAsync();
        log.Write("stopping", "what is under way is left to the journal and taken up at the next start");
    }

    private static async Task<HandedSecrets> TakeSecretsAsync(Lifeline lifeline)
    {
        var parent = ParentInput.Read(Console.OpenStandardInput());
        var secrets = HandedSecrets.Parse(await parent.FirstLine.WaitAsync(lifeline.Ended));
        lifeline.TieTo(parent);
        return secrets;
    }

    private static async Task<HomelabServer> ListenAsync(HomelabRuntime runtime, HealingCounters counters, JsonLog log, CancellationToken cancellationToken)
    {
        if (await DoorTokens.CheckAsync(runtime, cancellationToken) is { Count: > 0 } missing) throw new ConfigurationException(missing);
        // First what was left open, then new alerts: nothing may act on a target whose last change is not settled.
        await runtime.StartHealingAsync(cancellationToken);
        return await HomelabServer.StartAsync(runtime, counters, log, runtime.File.Lab.Server.Listen, HomelabServer.Grace, cancellationToken);
    }

    private enum ServePart
    {
        Listener,
        Schedule,
    }
}
