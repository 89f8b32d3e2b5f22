using System.CommandLine;
using Homelab.Automation.Healing;
using Homelab.Composition;

namespace Homelab.Host.Commands;

/// <summary><c>homelab suspend</c> and <c>homelab resume</c>: the big red switch for whoever has no PowerShell at hand.</summary>
internal static class SwitchCommands
{
    internal static Command CreateSuspend()
    {
        var lab = LabOption.Create();
        var reason = new Argument<string>("reason") { Description = "Why, for whoever finds healing suspended.", DefaultValueFactory = static _ => "" };
        var length = new Option<string?>("--for") { Description = "How long, such as 2h; then it ends by itself. Until somebody resumes it when not given." };
        var command = new Command("suspend", "Suspend healing: alerts are still taken in, and nothing is done by itself, in no process of the lab.") { reason, length, lab };
        command.SetAction((parsed, cancellationToken) =>
        {
            var input = new SuspendHealing.Input { Reason = parsed.GetValue(reason) ?? "", For = Read(parsed.GetValue(length)) };
            return SwitchAsync(parsed, lab, "heal_suspend", input, cancellationToken);
        });
        return command;
    }

    internal static Command CreateResume()
    {
        var lab = LabOption.Create();
        var command = new Command("resume", "Resume healing. Incidents that waited are looked at first, and go on where it is still needed.") { lab };
        command.SetAction((parsed, cancellationToken) => SwitchAsync(parsed, lab, "heal_resume", new ResumeHealing.Input(), cancellationToken));
        return command;
    }

    private static TimeSpan? Read(string? length)
    {
        if (length is null) return null;
        if (Duration.TryParse(length, out var known)) return known;
        throw new HomelabException(ErrorKind.Invalid, "DurationInvalid", $"--for is '{length}', which is no length of time. Write 30m, 2h or 1d.", length);
    }

    private static async Task<int> SwitchAsync(ParseResult parsed, Option<FileInfo?> lab, string operation, object input, CancellationToken cancellationToken)
    {
        await using var runtime = await LabOption.OpenStateAsync(parsed, lab, cancellationToken);
        var request = new GateRequest { Operation = operation, Input = input, Caller = new Caller(Face.Interactive, Environment.UserName) };
        if (await runtime.Gate.InvokeAsync(request, cancellationToken) is not GateOutcome.Done { Result: HealingState state }) return HomelabProgram.Failed;
        var waiting = state.OpenIncidents == 0 ? "no incident is open" : $"{state.OpenIncidents} incidents are open";
        Console.WriteLine($"Healing of '{state.Lab}' is {(state.IsSuspended ? $"suspended{(state.Until is { } until ? $" until {until:u}" : "")}" : "on")}; {waiting}.");
        return HomelabProgram.Ok;
    }
}
