using System.CommandLine;
using Homelab.Host.Commands;

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

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code: 0 well, 1 not well, 2 could not run.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Heals a homelab: every act, whoever asks for it, passes one gate.")
        {
            DemoCommand.Create(),
            ServeCommand.Create(),
            CheckCommand.Create(),
            ApprovalsCommand.Create(),
            AuditCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync();
            return Unusable;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
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
            return e.Kind == ErrorKind.Invalid ? Unusable : Failed;
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
    }
}
