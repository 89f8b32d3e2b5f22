namespace Homelab.Configuration;

/// <summary>Finds services that wait for themselves.</summary>
internal static class DependencyCircles
{
    // One circle often shows as many; the first ones are enough to mend it.
    private const int Most = 20;

    /// <summary>Circles, each as its services from the one whose dependency closes it back to itself: <c>a, b, a</c>.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyDictionary<string, ServiceDefinition> services)
    {
        var circles = new List<IReadOnlyList<string>>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in services.Keys.Where(s => !done.Contains(s))) Walk(start, services, done, circles);
        return circles;
    }

    // With a stack of its own: a chain of thousands must not overflow that of the thread.
    private static void Walk(string start, IReadOnlyDictionary<string, ServiceDefinition> services, HashSet<string> done, List<IReadOnlyList<string>> circles)
    {
        var path = new List<string>();
        var onPath = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<IEnumerator<string>>();
        Enter(start);
        while (circles.Count < Most && open.TryPeek(out var next))
        {
            if (!next.MoveNext())
            {
                open.Pop().Dispose();
                onPath.Remove(path[^1]);
                done.Add(path[^1]);
                path.RemoveAt(path.Count - 1);
            }
            else if (onPath.Contains(next.Current))
            {
                circles.Add([path[^1], .. path.Skip(path.LastIndexOf(next.Current))]);
            }
            else if (!done.Contains(next.Current))
            {
                Enter(next.Current);
            }
        }

        void Enter(string service)
        {
            path.Add(service);
            onPath.Add(service);
            open.Push(services[service].DependsOn.Where(d => d is not null && services.ContainsKey(d)).GetEnumerator());
        }
    }
}
