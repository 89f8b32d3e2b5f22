namespace Homelab.Lab.Proxmox;

/// <summary>Finds the route of a path. What is named beats what is open.</summary>
internal sealed class RouteTable
{
    private readonly Branch _root = new();

    internal RouteTable(IEnumerable<SimulatedRoute> routes)
    {
        Routes = [.. routes];
        foreach (var route in Routes) Add(route);
    }

    internal IReadOnlyList<SimulatedRoute> Routes { get; }

    /// <summary>The route, and what its path says; null when there is none.</summary>
    internal (SimulatedRoute Route, IReadOnlyDictionary<string, string> Values)? Find(string method, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var branch = _root;
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length; i++)
        {
            if (branch.Named.TryGetValue(segments[i], out var named))
            {
                branch = named;
                continue;
            }

            if (branch.Open is not { } open) return null;
            // A volume's name has slashes, and is the last of its path.
            var rest = branch.OpenName is "volume";
            values[branch.OpenName!] = rest ? string.Join('/', segments[i..]) : segments[i];
            branch = open;
            if (rest) break;
        }

        return branch.Routes.TryGetValue(method, out var route) ? (route, values) : null;
    }

    private void Add(SimulatedRoute route)
    {
        var branch = _root;
        foreach (var segment in route.Template.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment.StartsWith('{'))
            {
                branch.OpenName ??= segment.Trim('{', '}');
                branch = branch.Open ??= new Branch();
            }
            else
            {
                if (!branch.Named.TryGetValue(segment, out var next)) branch.Named[segment] = next = new Branch();
                branch = next;
            }
        }

        branch.Routes.Add(route.Method, route);
    }

    private sealed class Branch
    {
        internal Dictionary<string, Branch> Named { get; } = new(StringComparer.Ordinal);

        internal Branch? Open { get; set; }

        internal string? OpenName { get; set; }

        internal Dictionary<string, SimulatedRoute> Routes { get; } = new(StringComparer.Ordinal);
    }
}
