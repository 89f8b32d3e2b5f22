using System.CommandLine;
using Homelab.Composition;
using Homelab.Host.Commands;
using Homelab.Host.Mcp;

namespace Homelab.Host;

/// <summary>The program <c>homelab</c>.</summary>
public static class HomelabProgram
{
    /// <summary>Everything went well.</summary>
    public const int Ok = 0;

    /// <summary>It ran, and what it found or did is not well.</summary>
    public const int Failed = 1;

    /// <summary>It could not run: bad arguments, a bad lab file.</summary>
    public const int Unusable = 2;

    // Longer than everything that is waited for at the end takes: the requests under way, the store. The default of two seconds would cut them off.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(20);

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code: 0 well, 1 not well, 2 could not run.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = CreateRootCommand().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync();
            return Unusable;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_ending });
        }
        catch (ConfigurationException e)
        {
            foreach (var problem in e.Problems) await Console.Error.WriteLineAsync(problem.ToString());
            await Console.Error.WriteLineAsync($"{e.Problems.Count} mistakes; nothing was started.");
            return Unusable;
        }
        catch (HomelabException e)
        {
            await Console.Error.WriteLineAsync($"{e.Id}: {e.Message}");
            return e is { Kind: ErrorKind.Invalid } or { Id: LabLocator.NotFound } ? Unusable : Failed;
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
    }

    internal static RootCommand CreateRootCommand() => new("Heals a homelab: every act, whoever asks for it, passes one gate.")
    {
        DemoCommand.Create(),
        RehearseCommand.Create(),
        BacktestCommand.Create(),
        LabCommand.Create(),
        ServeCommand.Create(),
        McpCommand.Create(),
        HealthCommand.Create(),
        CheckCommand.Create(),
        ApprovalsCommand.Create(),
        SwitchCommands.CreateSuspend(),
        SwitchCommands.CreateResume(),
        IncidentsCommand.Create(),
        AuditCommand.Create(),
        TapeCommand.Create(),
    };
}
