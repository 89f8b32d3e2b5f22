using System.Globalization;
using System.Text;

namespace Homelab.SystemTests.Peers;

/// <summary>The processes of this machine, as Linux shows them.</summary>
internal static class ProcessTable
{
    /// <summary>The processes whose command line holds a text.</summary>
    internal static IReadOnlyList<int> With(string text) => [.. All().Where(p => p.Line.Contains(text, StringComparison.Ordinal)).Select(static p => p.Id)];

    /// <summary>Everything that a process started, and what that started.</summary>
    internal static IReadOnlyList<int> Below(int id)
    {
        var all = All().ToList();
        List<int> found = [];
        for (var next = new Queue<int>([id]); next.TryDequeue(out var parent);)
        {
            foreach (var child in all.Where(p => p.Parent == parent))
            {
                found.Add(child.Id);
                next.Enqueue(child.Id);
            }
        }

        return found;
    }

    private static IEnumerable<(int Id, int Parent, string Line)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            string stat, line;
            try
            {
                stat = File.ReadAllText(folder + "/stat");
                line = Encoding.UTF8.GetString(File.ReadAllBytes(folder + "/cmdline")).Replace('\0', ' ');
            }
            catch (IOException)
            {
                // It has ended between two lines of this method.
                continue;
            }

            // The name in parentheses may hold anything.
            var rest = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (rest[0] != "Z") yield return (id, int.Parse(rest[1], CultureInfo.InvariantCulture), line);
        }
    }
}
