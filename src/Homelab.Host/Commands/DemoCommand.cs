using System.CommandLine;
using Homelab.Host.Demo;
using Spectre.Console;

namespace Homelab.Host.Commands;

/// <summary><c>homelab demo</c>: the main job with nothing configured: a simulated homelab, the real engine.</summary>
internal static class DemoCommand
{
    private const int PlainWidth = 180;

    internal static Command Create()
    {
        var command = new Command("demo", "Break a simulated homelab and watch it being healed. Exit code 0 only if everything was observed.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var demo = await DemoStage.OpenAsync(Terminal(), cancellationToken);
            return await new DemoScript(demo).PlayAsync(cancellationToken) ? HomelabProgram.Ok : HomelabProgram.Failed;
        });
        return command;
    }

    // A file or a pipe gets plain text and whole lines; a screen gets colours and its own width.
    private static IAnsiConsole Terminal()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
        plain.Profile.Width = PlainWidth;
        return plain;
    }
}
