using System.CommandLine;
using System.Text.RegularExpressions;
using Homelab.Composition;
using Homelab.Host.Attached;
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
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lab, parsed.GetRequiredValue(name), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<FileInfo?> lab, string name, CancellationToken cancellationToken)
    {
        // Standard output carries the protocol alone: whatever is printed by mistake must not stand between its messages.
        Console.SetOut(Console.Error);
        using var lifeline = new Lifeline(cancellationToken);
        try
        {
            await ServeAsync(parsed, lab, new Caller(Face.Mcp, name), lifeline.Ended);
        }
        catch (OperationCanceledException) when (lifeline.Ended.IsCancellationRequested)
        {
            // Told to stop before it was ready: it has stopped, which is what was asked for.
        }

        return HomelabProgram.Ok;
    }

    private static async Task ServeAsync(ParseResult parsed, Option<FileInfo?> lab, Caller caller, CancellationToken cancellationToken)
    {
        var file = LabOption.Read(parsed, lab);
        var log = new JsonLog(Console.Error, TimeProvider.System);
        foreach (var warning in file.Warnings) log.Write("configurationWarning", warning.ToString());
        await using var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions(), cancellationToken);
        log.Redactor = runtime.Redactor;
        // A rule of the policy that means nothing would protect nothing.
        if (runtime.Check() is { Count: > 0 } problems) throw new ConfigurationException(problems);
        await using var watch = LabOption.Watch(parsed, lab, runtime, log);
        await StdioSession.RunAsync(new McpFace(runtime, caller, log, new QueryLimits()), new LineRefusals(runtime.Gate, caller, log), file.Lab.Server.BodyLimit, log, cancellationToken);
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
