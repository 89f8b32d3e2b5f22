using System.ComponentModel;
using System.Management.Automation;
using Homelab.Composition;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Checks a lab: its file, runbooks, policy and secrets, its connections and rights, and its services.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HlLab")]
[OutputType(typeof(LabCheck), typeof(bool))]
[Description("Checks a lab as a whole: file, runbooks, policy, secrets, connections, rights and services. One row each, with the fix where something is not well. Changes nothing and leaves nothing behind.")]
[Example("Test-HlLab | Where-Object Status -ne Ok | Format-List", "Show what is not well, and what to do about it.")]
[Example("if (-not (Test-HlLab -Quiet)) { exit 1 }", "Use it as a gate in CI.")]
public sealed class TestHlLabCommand : AsyncCmdlet
{
    /// <summary>The lab file.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [Description("The lab file. The lab of this session when not given.")]
    public string? Path { get; set; }

    /// <summary>Only the files.</summary>
    [Parameter]
    [Description("Checks the files only: opens no secret and asks nobody.")]
    public SwitchParameter Offline { get; set; }

    /// <summary>Only true or false.</summary>
    [Parameter]
    [Description("Returns only true or false. Warnings are well, unless -Strict is given.")]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Warnings count.</summary>
    [Parameter]
    [Description("With -Quiet: a warning is not well either.")]
    public SwitchParameter Strict { get; set; }

    /// <inheritdoc/>
    private protected override async Task ProcessAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline);
        var (path, folder, choice) = await pipeline.OnPipelineThreadAsync(() => (Path is null ? LabChoice.Current.Path : GetUnresolvedProviderPathFromPSPath(Path), Folder, LabChoice.Current)).ConfigureAwait(false);
        var locator = new LabLocator(folder, Environment.GetEnvironmentVariable);
        var options = new InspectionOptions { Offline = Offline, Caller = choice.Caller, Runtime = new RuntimeOptions { Trace = CallScope.Trace, Vault = new SecretManagementVault() } };
        var well = true;
        await foreach (var check in LabInspection.InspectAsync(() => locator.Locate(path).File, options, cancellationToken).ConfigureAwait(false))
        {
            well &= check.Status is not CheckStatus.Failed && !(Strict && check.Status is CheckStatus.Warning);
            if (!Quiet) await pipeline.WriteAsync(check).ConfigureAwait(false);
        }

        if (Quiet) await pipeline.WriteAsync(well).ConfigureAwait(false);
    }
}
