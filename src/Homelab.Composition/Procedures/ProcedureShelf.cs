using Homelab.Configuration;

namespace Homelab.Composition.Procedures;

/// <summary>
/// The procedures of a lab: the shipped ones, and those of the folder <c>procedures</c> beside the lab file, which replace shipped ones of the same name, also where they have mistakes. They are
/// read anew each time: they are texts, and nothing is decided by them.
/// </summary>
/// <param name="folder">The folder of the lab file.</param>
public sealed class ProcedureShelf(string folder)
{
    private const string Own = "procedures";

    /// <summary>The folder of the shipped ones, beside this assembly.</summary>
    internal static string Shipped { get; } = Path.Combine(Path.GetDirectoryName(typeof(ProcedureShelf).Assembly.Location)!, "policy", Own);

    /// <summary>Every procedure by its name, sound or not.</summary>
    public IReadOnlyList<ProcedureFile> Read()
    {
        var byName = new SortedDictionary<string, ProcedureFile>(StringComparer.Ordinal);
        foreach (var file in Files(Shipped, ProcedureOrigin.Shipped).Concat(Files(Path.Combine(folder, Own), ProcedureOrigin.Lab))) byName[file.Procedure.Name] = file;
        return [.. byName.Values];
    }

    private static IEnumerable<ProcedureFile> Files(string path, ProcedureOrigin origin)
    {
        if (!Directory.Exists(path)) return [];
        try
        {
            return [.. Directory.EnumerateFiles(path).Where(static f => Path.GetExtension(f).Equals(".md", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Select(f => ProcedureReader.Read(f, origin))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = new ConfigurationProblem(new SourcePosition(path, 1, 1), "(folder)", $"cannot be listed: {e.Message.TrimEnd('.')}", "Check the rights on the folder.");
            return [new ProcedureFile(new Procedure { Name = Own, Origin = origin, Problem = problem.ToString() }, [problem])];
        }
    }
}
