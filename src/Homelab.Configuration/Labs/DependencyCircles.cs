namespace Homelab.Configuration;

/// <summary>Finds what leads back to itself: services that wait for one another, hosts that run on one another.</summary>
internal static class DependencyCircles
{
    // One circle often shows as many; the first ones are enough to mend it.
    private const int Most = 20;

    /// <summary>Circles, each as its names from the one whose step closes it back to itself: <c>a, b, a</c>.</summary>
    /// <param name="names">Where a walk may begin and pass.</param>
    /// <param name="next">Where the steps from a name lead; to what is no such name, nobody goes.</param>
    internal static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyCollection<string> names, Func<string, IEnumerable<string?>> next)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        var circles = new List<IReadOnlyList<string>>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in names.Where(s => !done.Contains(s))) Walk(start, s => next(s).OfType<string>().Where(known.Contains), done, circles);
        return circles;
    }

    // With a stack of its own: a chain of thousands must not overflow that of the thread.
    private static void Walk(string start, Func<string, IEnumerable<string>> next, HashSet<string> done, List<IReadOnlyList<string>> circles)
    {
        var path = new List<string>();
        var onPath = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<IEnumerator<string>>();
        Enter(start);
        while (circles.Count < Most && open.TryPeek(out var steps))
        {
            if (!steps.MoveNext())
            {
                open.Pop().Dispose();
                onPath.Remove(path[^1]);
                done.Add(path[^1]);
                path.RemoveAt(path.Count - 1);
            }
            else if (onPath.Contains(steps.Current))
            {
                circles.Add([path[^1], .. path.Skip(path.LastIndexOf(steps.Current))]);
            }
            else if (!done.Contains(steps.Current))
            {
                Enter(steps.Current);
            }
        }

        void Enter(string name)
        {
            path.Add(name);
            onPath.Add(name);
            open.Push(next(name).GetEnumerator());
        }
    }
}
