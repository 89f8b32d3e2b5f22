using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Homelab.Composition;
using Homelab.Host.Commands;
using Homelab.Host.Logging;

namespace Homelab.Host.Mcp;

/// <summary><c>homelab mcp</c>: the catalog as MCP tools over standard input and output, for the AI client that started it.</summary>
internal static partial class McpCommand
{
    private const string DefaultName = "stdio";

    internal static Command Create()
    {
        var lab = LabOption.Create();
        var name = new Option<string>("--name")
        {
            Description = "Who the client is, for access.identities (mcp:<name>) and the audit. What the client calls itself counts for nothing.",
            DefaultValueFactory = static _ => DefaultName,
        };
        name.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is not { } given || !NamePattern().IsMatch(given)) result.AddError("--name takes letters, digits, '.', '_' and '-', at most 64, and begins with a letter or digit.");
        });
        var command = new Command("mcp", "Serve the catalog to an AI client as MCP over standard input and output, until it closes them.") { lab, name };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lab, name, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<FileInfo?> lab, Option<string> name, CancellationToken cancellationToken)
    {
        // Standard output carries the protocol alone: whatever is printed by mistake must not stand between its messages.
        Console.SetOut(Console.Error);
        var file = LabOption.Read(parsed, lab);
        var log = new JsonLog(Console.Error, TimeProvider.System);
        foreach (var warning in file.Warnings) log.Write("configurationWarning", warning.ToString());
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });

        await using var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions(), stopping.Token);
        log.Redactor = runtime.Redactor;
        // A rule of the policy that means nothing would protect nothing.
        if (runtime.Check() is { Count: > 0 } problems) throw new ConfigurationException(problems);
        await StdioSession.RunAsync(new McpFace(runtime, new Caller(Face.Mcp, parsed.GetRequiredValue(name)), log, new QueryLimits()), log, stopping.Token);
        return HomelabProgram.Ok;
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
