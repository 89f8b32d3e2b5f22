using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Homelab.Host.Attached;
using Homelab.Lab;
using Homelab.Lab.Control;
using Homelab.Lab.Kuma;

namespace Homelab.Host.Commands;

/// <summary><c>homelab lab</c>: a simulated homelab that stays, for other processes to look at, break and heal.</summary>
internal static class LabCommand
{
    private const int MostContainers = 100_000;
    private const int MostHosts = 200;

    internal static Command Create()
    {
        var write = new Option<DirectoryInfo?>("--write") { Description = "The folder to write the lab file and its secrets to: new, empty, or used for this before. When not given, a temporary one that is removed at the end." };
        var attached = new Option<bool>("--attached") { Description = "For a parent process: stop when standard input closes." };
        var containers = Number("--containers", "Containers besides the planned ones, for measuring.", MostContainers);
        var hosts = Number("--hosts", "Docker hosts for them; one when there are containers and no other number is given.", MostHosts);
        var guests = Number("--guests", "Guests of Proxmox besides the planned ones, for measuring.", MostContainers);
        var nodes = Number("--nodes", "Nodes of Proxmox for them besides the planned ones.", MostHosts);
        var command = new Command("lab", "Simulate a homelab until Ctrl+C or SIGTERM; the first line of output is JSON and says where its lab file is.") { write, attached, containers, hosts, guests, nodes };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (many, on) = (parsed.GetValue(containers), parsed.GetValue(hosts));
            var crowd = new SimulatedCrowd(many, many > 0 ? Math.Max(1, on) : on) { Guests = parsed.GetValue(guests), Nodes = parsed.GetValue(nodes) };
            return RunAsync(crowd, parsed.GetValue(write)?.FullName, parsed.GetValue(attached), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(SimulatedCrowd crowd, string? path, bool isAttached, CancellationToken cancellationToken)
    {
        using var lifeline = new Lifeline(cancellationToken);
        if (isAttached) lifeline.TieTo(ParentInput.Read(Console.OpenStandardInput()));
        try
        {
            await SimulateAsync(crowd, path, lifeline);
        }
        catch (OperationCanceledException) when (lifeline.Ended.IsCancellationRequested)
        {
            // Told to stop before it was ready: it has stopped, which is what was asked for.
        }

        return HomelabProgram.Ok;
    }

    private static async Task SimulateAsync(SimulatedCrowd crowd, string? path, Lifeline lifeline)
    {
        await using var homelab = await SimulatedHomelab.StartAsync(crowd, lifeline.Ended);
        using var folder = await SimulatedLabFolder.WriteAsync(homelab, path, lifeline.Ended);
        await HastyRunbooks.WriteAsync(folder.Runbooks, lifeline.Ended);
        await using var control = await LabControl.StartAsync(homelab);
        // Kuma has looked at everything once before anybody breaks anything, as in a homelab that has run for a while.
        foreach (var service in HomelabPlan.Services) await homelab.Kuma.CheckNowAsync(service.Monitor, lifeline.Ended);
        homelab.Kuma.Hook = new KumaHook(folder.Hook, homelab.Tokens.Hook);
        homelab.Kuma.StartChecking();
        Console.WriteLine(JsonSerializer.Serialize(new { @event = "ready", lab = folder.LabFile, control = control.Url.GetLeftPart(UriPartial.Authority) }, HomelabJson.Options));
        await lifeline.UntilEndedAsync();
    }

    private static Option<int> Number(string name, string description, int most) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most) return number;
            result.AddError($"{name} is '{given}'. Give a number from 0 to {most}.");
            return 0;
        },
    };
}
