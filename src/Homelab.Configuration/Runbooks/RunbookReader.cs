namespace Homelab.Configuration;

/// <summary>
/// Reads runbooks: YAML of <c>kind: Runbook</c>, one or more documents per file. Checks their form; whether operations, levels and
/// expressions fit is checked where those are known, by the places in <see cref="Runbook.Source"/>.
/// </summary>
public static class RunbookReader
{
    private static readonly RecordShape s_shape = RecordShape.Of(typeof(RunbookDocument));

    private static readonly Dictionary<string, Type> s_noTypes = new(StringComparer.Ordinal);

    /// <summary>Reads a file, or all <c>*.yaml</c> and <c>*.yml</c> files of a folder (not of its folders) in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="ConfigurationException">Something cannot be used; holds every mistake of every file with its place.</exception>
    public static IReadOnlyList<Runbook> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var problems = new ProblemList();
        var runbooks = new List<Runbook>();
        foreach (var file in Files(path, problems)) ReadFile(file, runbooks, problems);
        CheckNames(runbooks, problems);
        problems.ThrowIfAny();
        return runbooks;
    }

    private static IEnumerable<string> Files(string path, ProblemList problems)
    {
        if (!Directory.Exists(path)) return [path];
        try
        {
            return
            [
                .. Directory.EnumerateFiles(path)
                    .Where(static f => Path.GetExtension(f).ToUpperInvariant() is ".YAML" or ".YML")
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(FileText.Start(path), "", $"cannot be listed: {e.Message.TrimEnd('.')}", "Check the rights on the folder.");
            return [];
        }
    }

    private static void ReadFile(string file, List<Runbook> runbooks, ProblemList problems)
    {
        if (FileText.Read(file, problems) is not { } text || DocumentReader.Read(file, text, problems) is not { } documents) return;
        if (documents.Count == 0) problems.Add(FileText.Start(file), "", "is empty", "Begin it with apiVersion: homelab/v1 and kind: Runbook.");
        foreach (var document in documents)
        {
            if (document is not MappingNode mapping)
            {
                problems.Add(document.Position, "", $"is {document.Kind}, not a mapping", "Begin it with apiVersion: homelab/v1 and kind: Runbook.");
            }
            else if (Resource.IsHead(mapping, Resource.Runbook, problems)) runbooks.Add(Bind(mapping, problems));
        }
    }

    private static Runbook Bind(MappingNode document, ProblemList problems)
    {
        var binder = new Binder(problems, s_noTypes);
        var read = (RunbookDocument)binder.BindTogether([s_shape], document, document.Position, "")[0];
        var source = SourceMaps.Of(document);
        if (read.Spec is not null) new RunbookRules(read.Spec, source, problems).Check();
        return (read.Spec ?? new Runbook { Level = Level.None, Steps = [] }) with
        {
            Name = read.Metadata?.Name ?? "",
            Description = read.Metadata?.Description ?? "",
            Source = source,
        };
    }

    private static void CheckNames(List<Runbook> runbooks, ProblemList problems)
    {
        var first = new Dictionary<string, Runbook>(StringComparer.Ordinal);
        foreach (var runbook in runbooks.Where(static r => r.Name.Length > 0))
        {
            if (first.TryAdd(runbook.Name, runbook)) continue;
            var at = first[runbook.Name].Source.Of("metadata.name");
            problems.Add(
                runbook.Source.Of("metadata.name"),
                "metadata.name",
                $"is {ProblemList.Show(runbook.Name)}, and so is the runbook at {at}",
                "Give each its own name.");
        }
    }
}
