namespace Homelab.Configuration;

/// <summary>Reads procedures: Markdown with a front matter of name, title and summary. One with mistakes takes no other with it.</summary>
public static class ProcedureReader
{
    /// <summary>A longer one would not be read in one answer, and not be followed either.</summary>
    public const int MostLines = 100;

    private const int LongestLine = 1_000;
    private const int LongestText = 30_000;
    private const string Mark = "---";

    private static readonly RecordShape s_shape = RecordShape.Of(typeof(ProcedureHead));

    private static readonly Dictionary<string, Type> s_noTypes = new(StringComparer.Ordinal);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="origin">Whose it is.</param>
    public static ProcedureFile Read(string path, ProcedureOrigin origin)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var name = Path.GetFileNameWithoutExtension(path);
        var problems = new ProblemList();
        var (head, lines) = Read(path, name, problems);
        var procedure = new Procedure { Name = name, Title = head?.Title ?? "", Summary = head?.Summary ?? "", Origin = origin };
        try
        {
            problems.ThrowIfAny();
            return new ProcedureFile(procedure with { Lines = lines }, []);
        }
        catch (ConfigurationException e)
        {
            return new ProcedureFile(procedure with { Problem = string.Join(" ", e.Problems.Select(Say)) }, e.Problems);
        }
    }

    // Without its folder, which is nothing to whoever reads procedures.
    private static ConfigurationProblem Say(ConfigurationProblem problem) => problem with { Position = problem.Position with { File = Path.GetFileName(problem.Position.File) } };

    private static (ProcedureHead? Head, string[] Lines) Read(string path, string name, ProblemList problems)
    {
        if (FileText.Read(path, problems) is not { } text) return (null, []);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = lines[0].TrimEnd() == Mark ? Array.FindIndex(lines, 1, static l => l.TrimEnd() == Mark) : -1;
        if (end < 0)
        {
            problems.Add(FileText.Start(path), "", "has no front matter", $"Begin it with a line {Mark}, then name, title and summary, then a line {Mark}.");
            return (null, []);
        }

        // With its first mark, so that places are those of the file.
        if (DocumentReader.Read(path, string.Join('\n', lines[..end]), problems) is not { } documents) return (null, []);
        if (documents is not [MappingNode mapping])
        {
            problems.Add(new SourcePosition(path, 2, 1), "", "has a front matter that is no mapping", "Write name, title and summary as keys.");
            return (null, []);
        }

        var head = (ProcedureHead)new Binder(problems, s_noTypes).BindTogether([s_shape], mapping, mapping.Position, "")[0];
        if (head.Name is { Length: > 0 } given && given != name)
        {
            problems.Add(mapping.ValueOf("name")!.Position, "name", $"is {ProblemList.Show(given)}, and the file is {ProblemList.Show(name)}", "Give both the same name: it is asked for by that.");
        }

        return (head, Body(path, lines, end + 1, problems));
    }

    private static string[] Body(string path, string[] lines, int first, ProblemList problems)
    {
        while (first < lines.Length && string.IsNullOrWhiteSpace(lines[first])) first++;
        var last = lines.Length;
        while (last > first && string.IsNullOrWhiteSpace(lines[last - 1])) last--;
        if (last == first) problems.Add(new SourcePosition(path, Math.Min(first, lines.Length), 1), "", "has no text", "Write below the front matter what is to be done.");
        if (last - first > MostLines) problems.Add(new SourcePosition(path, first + MostLines + 1, 1), "", $"has {last - first} lines, more than {MostLines}", "Make two procedures of it.");
        var body = lines[first..last];
        if (Array.FindIndex(body, static l => l.Length > LongestLine) is >= 0 and var wide)
        {
            problems.Add(new SourcePosition(path, first + wide + 1, LongestLine + 1), "", $"has a line of more than {LongestLine} characters", "Break the line.");
        }

        if (body.Sum(static l => l.Length + 1) > LongestText) problems.Add(new SourcePosition(path, first + 1, 1), "", $"has more than {LongestText} characters", "Make two procedures of it.");
        return body;
    }
}
