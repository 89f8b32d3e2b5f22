using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Homelab.PowerShell.Labs;

namespace Homelab.PowerShell.Completion;

/// <summary>Offers names of one kind that are known already. Answers from memory: it opens no connection, asks nobody and never throws.</summary>
/// <param name="kind">The kind.</param>
public abstract class NameCompleter(string kind) : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return LabConnections.Known(LabChoice.Current) is { } lab
            ? lab.Names.Of(kind).Where(n => n.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Select(n => new CompletionResult(Quote(n), n, CompletionResultType.ParameterValue, n))
            : [];
    }

    // What a bare word may hold without meaning something else to PowerShell.
    private static string Quote(string name) =>
        name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':') || IsPlacedName(name) ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    // An @ begins an array or a splatting only at the beginning of a word.
    private static bool IsPlacedName(string name) =>
        name.Count(static c => c == '@') == 1 && name[0] != '@' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@');
}

/// <summary>Offers containers.</summary>
public sealed class ContainerNameCompleter() : NameCompleter("container");

/// <summary>Offers hosts.</summary>
public sealed class HostNameCompleter() : NameCompleter("host");

/// <summary>Offers units of systemd.</summary>
public sealed class UnitNameCompleter() : NameCompleter("unit");

/// <summary>Offers stacks of Docker Compose.</summary>
public sealed class StackNameCompleter() : NameCompleter("stack");

/// <summary>Offers services.</summary>
public sealed class ServiceNameCompleter() : NameCompleter("service");

/// <summary>Offers monitors.</summary>
public sealed class MonitorNameCompleter() : NameCompleter("monitor");

/// <summary>Offers guests of Proxmox.</summary>
public sealed class VmNameCompleter() : NameCompleter("vm");

/// <summary>Offers nodes of Proxmox.</summary>
public sealed class NodeNameCompleter() : NameCompleter("node");

/// <summary>Offers storages of Proxmox.</summary>
public sealed class StorageNameCompleter() : NameCompleter("storage");

/// <summary>Offers snapshots.</summary>
public sealed class SnapshotNameCompleter() : NameCompleter("snapshot");

/// <summary>Offers operations.</summary>
public sealed class OperationNameCompleter() : NameCompleter("operation");

/// <summary>Offers runbooks.</summary>
public sealed class RunbookNameCompleter() : NameCompleter("runbook");

/// <summary>Offers the lab's other MCP servers.</summary>
public sealed class McpServerNameCompleter() : NameCompleter("mcpServer");
