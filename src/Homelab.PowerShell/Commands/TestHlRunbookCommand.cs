using System.ComponentModel;
using System.Management.Automation;
using Homelab.Configuration;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Checks runbooks against the catalog, levels and policy, without running anything.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HlRunbook", DefaultParameterSetName = NameParameterSet)]
[OutputType(typeof(LabCheck), typeof(bool))]
[Description("Checks runbooks against the catalog, levels and policy: one row for each mistake with its place and the way out, one for each that is well. Runs nothing.")]
[Example("Test-HlRunbook", "Check every runbook of the lab.")]
[Example("Test-HlRunbook -Path ./my-runbook.yaml", "Check a file before it is put among the lab's runbooks.")]
public sealed class TestHlRunbookCommand : LabCmdlet
{
    private const string NameParameterSet = "Name";
    private const string PathParameterSet = "Path";
    private const string Group = "runbook";

    /// <summary>The name.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = NameParameterSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunbookNameCompleter))]
    [Description("The runbook; * and ? stand for any text and any character. Every runbook of the lab when not given.")]
    public string? Name { get; set; }

    /// <summary>A file or folder.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathParameterSet)]
    [ValidateNotNullOrEmpty]
    [Description("A runbook's file, or a folder of them, in place of the lab's own.")]
    public string? Path { get; set; }

    /// <summary>Only true or false.</summary>
    [Parameter]
    [Description("Returns only true or false.")]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var path = Path is null ? null : await pipeline.OnPipelineThreadAsync(() => GetUnresolvedProviderPathFromPSPath(Path)).ConfigureAwait(false);
        var rows = Check(path);
        if (Quiet) await pipeline.WriteAsync(rows.TrueForAll(static r => r.Status == CheckStatus.Ok)).ConfigureAwait(false);
        else foreach (var row in rows) await pipeline.WriteAsync(row).ConfigureAwait(false);
    }

    private List<LabCheck> Check(string? path)
    {
        try
        {
            var runbooks = path is null ? RunbookNames.Find(Lab.Runtime.Runbooks, Name) : RunbookReader.Read(path);
            return [.. runbooks.SelectMany(Check)];
        }
        catch (ConfigurationException e)
        {
            return [.. e.Problems.Select(Mistake)];
        }
    }

    private IEnumerable<LabCheck> Check(Runbook runbook) =>
        Lab.Runtime.Checker.Check(runbook) is { Count: > 0 } problems ? problems.Select(Mistake) : [LabCheck.Ok(Group, runbook.Name, runbook.Description)];

    private static LabCheck Mistake(ConfigurationProblem problem) => LabCheck.Failed(Group, problem.Position.ToString(), $"{problem.Path} {problem.Reason}", problem.WayOut);
}
