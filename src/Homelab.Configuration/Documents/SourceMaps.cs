namespace Homelab.Configuration;

/// <summary>Notes the place of every value of a tree under its path.</summary>
internal static class SourceMaps
{
    internal static SourceMap Of(Node root)
    {
        var positions = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        Walk(root, "", positions);
        return new SourceMap(positions, root.Position);
    }

    private static void Walk(Node node, string path, Dictionary<string, SourcePosition> positions)
    {
        // Aliases of aliases can add up to paths that no file holds; nobody asks for those.
        if (path.Length > DocumentReader.LongestPath) return;
        if (path.Length > 0) positions.TryAdd(path, node.Position);
        switch (node)
        {
            case MappingNode mapping:
                foreach (var entry in mapping.Entries) Walk(entry.Value, ProblemList.Join(path, entry.Key), positions);
                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++) Walk(list.Items[i], $"{path}[{i}]", positions);
                break;
        }
    }
}
