using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Operations;
using Homelab.Providers.TrueNas;

namespace Homelab.PowerShell.Commands;

/// <summary>Lists datasets, or looks at one. By hand, because it is the face of two operations: a list, and a dataset by its name with all there is to know of it.</summary>
[Cmdlet(VerbsCommon.Get, "HlDataset")]
[OutputType(typeof(Dataset))]
[Description("Lists the datasets of TrueNAS with the space that they use and may use; or shows one by its name, with what uses its space, its limits, compression and encryption.")]
[Example("Get-HlDataset", "List every dataset.")]
[Example("Get-HlDataset tank/media", "Look at one dataset.")]
[Example("Get-HlDataset 'tank/*' | Sort-Object Used -Descending", "List those below one pool, the largest first.")]
public sealed class GetHlDatasetCommand : QueryCmdlet
{
    /// <summary>The dataset.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Description("The dataset's whole name with its pool, such as tank/media. With * and ? it lists all that fit.")]
    public string? Dataset { get; set; }

    /// <summary>The locked ones.</summary>
    [Parameter]
    [Description("Only those that are locked: encrypted, and their key is not loaded.")]
    public SwitchParameter Locked { get; set; }

    /// <inheritdoc/>
    private protected override string OperationName => IsOne ? "truenas_dataset_info" : "truenas_list_datasets";

    private bool IsOne => Dataset is not null && !Wildcard.IsPattern(Dataset) && !Locked;

    /// <inheritdoc/>
    private protected override object ToInput() => IsOne ? new ReadDataset.Input { Dataset = Dataset! } : new ListDatasets.Input { Dataset = Dataset, Locked = Locked };
}
