namespace Homelab.Configuration;

/// <summary>
/// Reads a lab file with the files it includes, and puts them together: sections (<c>hosts</c>, <c>services</c>, …) are joined key by key,
/// and the rules of commands as well; any other key that two files give is a mistake, never a silent choice.
/// </summary>
internal sealed class IncludeLoader(ProblemList problems)
{
    private const int MostFiles = 256;
    private const string IncludeKey = "include";
    private const string ShippedPrefix = "shipped:";

    // What a list in two files means is the whole of both only where the order says nothing: of rules of commands the narrower wins, wherever it stands.
    private static readonly string[] s_joinedLists = ["policy.commands"];

    private static readonly string[] s_headKeys = ["apiVersion", "kind"];

    // By full path: where each file was asked for.
    private readonly Dictionary<string, SourcePosition> _asked = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly List<string> _seen = [];
    private readonly List<string> _open = [];

    /// <summary>False when a file could not be read, so that what it holds is not known.</summary>
    internal bool IsComplete { get; private set; } = true;

    /// <summary>Every file that was asked for, absolute, in that order.</summary>
    internal IReadOnlyList<string> Read => _files;

    /// <summary>What could be seen of each of them before it was read.</summary>
    internal IReadOnlyList<string> Seen => _seen;

    /// <summary>The whole lab as one mapping, or null when the first file could not be read.</summary>
    internal MappingNode? Load(string path) => Load(path, FileText.Start(path), isFirst: true);

    private MappingNode? Load(string path, SourcePosition asked, bool isFirst)
    {
        var full = Path.GetFullPath(path);
        _asked.Add(full, asked);
        _files.Add(full);
        _seen.Add(LabFile.Look(full));
        if (ReadRoot(path) is not { } root)
        {
            IsComplete = false;
            return null;
        }

        _open.Add(full);
        string[] done = isFirst ? [IncludeKey] : [IncludeKey, .. s_headKeys];
        var whole = new MappingNode(root.Position, [.. root.Entries.Where(e => !done.Contains(e.Key, StringComparer.Ordinal))]);
        foreach (var (file, at, itemPath) in Included(root, path))
        {
            if (MayLoad(file, at, itemPath) && Load(file, at, isFirst: false) is { } part) whole = Merge(whole, part);
        }

        _open.RemoveAt(_open.Count - 1);
        return whole;
    }

    private MappingNode? ReadRoot(string path)
    {
        if (FileText.Read(path, problems) is not { } text || DocumentReader.Read(path, text, problems) is not { } documents) return null;
        switch (documents)
        {
            case []:
                problems.Add(FileText.Start(path), "", "is empty", "Begin it with apiVersion: homelab/v1 and kind: Lab.");
                return null;
            case [MappingNode root]:
                return Resource.IsHead(root, Resource.Lab, problems) ? root : null;
            case [var other]:
                problems.Add(other.Position, "", $"is {other.Kind}, not a mapping", "Begin it with apiVersion: homelab/v1 and kind: Lab.");
                return null;
            default:
                problems.Add(documents[1].Position, "", "holds a second document", "Keep one lab per file; spread it over files with 'include'.");
                return null;
        }
    }

    private IEnumerable<(string File, SourcePosition At, string Path)> Included(MappingNode root, string path)
    {
        if (root.ValueOf(IncludeKey) is not { } node) yield break;
        if (node is not ListNode list)
        {
            problems.Add(node.Position, IncludeKey, $"is {node.Kind}, not a list of files", "Write it in brackets: [ hosts.yaml ].");
            yield break;
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            var itemPath = $"{IncludeKey}[{i}]";
            if (list.Items[i] is not ScalarNode { Text: { Length: > 0 } pattern } item || pattern.Contains('\0', StringComparison.Ordinal))
            {
                problems.Add(list.Items[i].Position, itemPath, "is no path of a file", "Give a path relative to this file.");
                continue;
            }

            foreach (var file in Expand(path, pattern, item.Position, itemPath)) yield return (file, item.Position, itemPath);
        }
    }

    private string[] Expand(string includingFile, string pattern, SourcePosition at, string itemPath)
    {
        if (pattern.StartsWith(ShippedPrefix, StringComparison.Ordinal)) return Shipped(pattern[ShippedPrefix.Length..], at, itemPath);
        if (Path.IsPathRooted(pattern) || pattern.StartsWith('~'))
        {
            problems.Add(at, itemPath, $"is {ProblemList.Show(pattern)}, an absolute path", "Give a path relative to this file.");
            return [];
        }

        var folder = Path.GetDirectoryName(includingFile) ?? "";
        if (!Wildcard.IsPattern(pattern))
        {
            var file = Path.Join(folder, pattern);
            if (File.Exists(file)) return [file];
            problems.Add(at, itemPath, $"is {ProblemList.Show(pattern)}, and there is no such file", FileGlob.Hint(file));
            IsComplete = false;
            return [];
        }

        var own = Path.GetFullPath(includingFile);
        var found = FileGlob.Expand(folder, pattern).Where(f => Path.GetFullPath(f) != own).ToArray();
        if (found.Length == 0) problems.Warn(at, itemPath, $"is {ProblemList.Show(pattern)}, which matches no file", "Check the pattern.");
        return found;
    }

    // The files that travel with the program: the policy that everybody may begin with.
    private string[] Shipped(string name, SourcePosition at, string itemPath)
    {
        var folder = Path.GetDirectoryName(typeof(IncludeLoader).Assembly.Location)!;
        var known = FileGlob.Expand(folder, "policy/*.yaml").Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).ToArray();
        if (known.Contains(name, StringComparer.Ordinal)) return [Path.Combine(folder, name)];
        problems.Add(at, itemPath, $"is {ProblemList.Show(ShippedPrefix + name)}, and no such file is shipped", NearestName.Hint(name, known));
        IsComplete = false;
        return [];
    }

    private bool MayLoad(string file, SourcePosition at, string itemPath)
    {
        var full = Path.GetFullPath(file);
        if (_open.IndexOf(full) is >= 0 and var first)
        {
            var circle = string.Join(" → ", _open.Skip(first).Append(full).Select(Path.GetFileName));
            problems.Add(at, itemPath, $"closes a circle: {circle}", "Remove one of these includes.");
            return false;
        }

        if (_asked.TryGetValue(full, out var before))
        {
            problems.Add(at, itemPath, $"includes {ProblemList.Show(Path.GetFileName(full))} a second time, first at {before}", "Include each file once.");
            return false;
        }

        if (_asked.Count < MostFiles) return true;
        problems.Add(at, itemPath, $"is the {MostFiles + 1}th file", "Put more into one file.");
        return false;
    }

    private MappingNode Merge(MappingNode whole, MappingNode part)
    {
        var sections = new OrderedDictionary<string, MappingEntry>(StringComparer.Ordinal);
        foreach (var section in whole.Entries) sections.Add(section.Key, section);
        foreach (var section in part.Entries.Where(static e => !e.Value.IsNull))
        {
            sections[section.Key] = sections.TryGetValue(section.Key, out var first) && !first.Value.IsNull
                ? first with { Value = Join(first.Value, section) }
                : section;
        }

        return new MappingNode(whole.Position, [.. sections.Values]);
    }

    private Node Join(Node first, MappingEntry section)
    {
        if (first is not MappingNode before || section.Value is not MappingNode after)
        {
            AddTwice(section.Key, section.At, first.Position);
            return first;
        }

        var joined = new List<MappingEntry>(before.Entries);
        foreach (var entry in after.Entries)
        {
            var path = ProblemList.Join(section.Key, entry.Key);
            if (before.Find(entry.Key) is not { } known) joined.Add(entry);
            else if (s_joinedLists.Contains(path, StringComparer.Ordinal) && known.Value is ListNode these && entry.Value is ListNode those) joined[joined.IndexOf(known)] = known with { Value = new ListNode(these.Position, [.. these.Items, .. those.Items]) };
            else AddTwice(path, entry.At, known.At);
        }

        return new MappingNode(before.Position, joined);
    }

    private void AddTwice(string path, SourcePosition at, SourcePosition first) =>
        problems.Add(at, path, $"is given in two files, here and at {first}", "Keep one of the two.");
}
