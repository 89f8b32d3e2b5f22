using Homelab.Configuration;

namespace Homelab.Composition;

/// <summary>The runbooks of a lab: the shipped ones, and those of its own folders, which replace shipped ones of the same name.</summary>
internal static class RunbookFolder
{
    /// <summary>The folder of the shipped runbooks, beside this assembly.</summary>
    internal static string Shipped { get; } = Path.Combine(Path.GetDirectoryName(typeof(RunbookFolder).Assembly.Location)!, "runbooks");

    internal static IReadOnlyList<Runbook> Read(LabFile file)
    {
        var byName = RunbookReader.Read(Shipped).ToDictionary(r => r.Name, StringComparer.Ordinal);
        foreach (var folder in file.Lab.Server.Runbooks)
        {
            foreach (var runbook in RunbookReader.Read(Path.Combine(file.BasePath, folder))) byName[runbook.Name] = runbook;
        }

        return [.. byName.Values.OrderBy(r => r.Name, StringComparer.Ordinal)];
    }
}
