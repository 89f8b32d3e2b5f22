using System.Collections.Concurrent;
using Homelab.Providers.Docker;
using Homelab.Providers.Mcp;

namespace Homelab.PowerShell.Completion;

/// <summary>Names that were seen in a lab: from its file at once, from the systems themselves as cmdlets meet them. Never asks anybody.</summary>
internal sealed class NameCache(LabDefinition lab, OperationCatalog catalog, IReadOnlyList<Runbook> runbooks)
{
    private const string StackLabel = "com.docker.compose.project";

    private readonly ConcurrentDictionary<(string Kind, string Name), byte> _seen = new(FromLab(lab, catalog, runbooks));

    /// <summary>Remembers the name of an object that was written.</summary>
    internal void Learn(object item)
    {
        switch (item)
        {
            case Container container:
                Add("container", container.ToString());
                // A project of compose may have a name that is none of a stack's: nobody could ask for it.
                if (StackRef.TryParse($"{container.Labels.GetValueOrDefault(StackLabel)}@{container.Host}", provider: null, out var stack)) Add("stack", stack.ToString());
                break;
            case Vm vm:
                Add("vm", vm.Name);
                Add("node", vm.Node);
                break;
            case ClusterNode node:
                Add("node", node.Name);
                break;
            case ProxmoxStorage storage:
                Add("storage", storage.Name);
                break;
            case VmSnapshot snapshot:
                Add("snapshot", snapshot.Name);
                break;
            case HostUnit unit:
                Add("unit", unit.Name);
                break;
            case MonitorReading monitor:
                Add("monitor", monitor.Name);
                break;
        }
    }

    /// <summary>The known names of a kind, in order.</summary>
    internal IEnumerable<string> Of(string kind) => _seen.Keys.Where(k => k.Kind == kind).Select(static k => k.Name).Order(StringComparer.OrdinalIgnoreCase);

    private void Add(string kind, string name) => _seen.TryAdd((kind, name), 0);

    private static IEnumerable<KeyValuePair<(string Kind, string Name), byte>> FromLab(LabDefinition lab, OperationCatalog catalog, IReadOnlyList<Runbook> runbooks)
    {
        var names = lab.Hosts.Keys.Select(static h => ("host", h))
            .Concat(lab.Services.Keys.Select(static s => ("service", s)))
            .Concat(lab.Services.Values.Where(static s => s.Monitor is not null).Select(static s => ("monitor", s.Monitor!)))
            .Concat(lab.Services.Values.Where(static s => s.Container is not null).Select(static s => ("container", s.Container!.ToString())))
            .Concat(lab.Providers.Values.OfType<McpServersSettings>().SelectMany(static m => m.Servers.Keys).Select(static s => ("mcpServer", s)))
            .Concat(lab.Providers.GetValueOrDefault("docker") is DockerSettings docker ? docker.Stacks.Select(static s => ("stack", $"{s.Key}@{s.Value.Host}")) : [])
            .Concat(catalog.All.Select(static o => ("operation", o.Descriptor.Name)))
            .Concat(runbooks.Select(static r => ("runbook", r.Name)));
        return names.Distinct().Select(static n => new KeyValuePair<(string Kind, string Name), byte>(n, 0));
    }
}
