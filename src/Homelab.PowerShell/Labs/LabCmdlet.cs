using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Labs;

/// <summary>A cmdlet that works with a lab: the one this runspace is connected to, or else the one that is found.</summary>
public abstract class LabCmdlet : AsyncCmdlet
{
    private LabConnection? _lab;
    private LabChoice? _choice;

    private protected LabCmdlet()
    {
    }

    /// <summary>The lab. Open from the first object on.</summary>
    private protected LabConnection Lab => _lab ?? throw new InvalidOperationException("The lab is not open yet.");

    /// <summary>Who asks: the person at this prompt, or a script that nobody watches.</summary>
    private protected Caller Caller => new(_choice!.Unattended ? Face.Schedule : Face.Interactive, Environment.UserName);

    /// <inheritdoc/>
    private protected override async Task BeginAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline.Verbose);
        (_choice, var folder) = await pipeline.OnPipelineThreadAsync(() => (LabChoice.Current, Folder)).ConfigureAwait(false);
        _lab = await LabConnections.OpenAsync(_choice, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline.Verbose);
        return RunAsync(pipeline, cancellationToken);
    }

    /// <summary>What it does for each object.</summary>
    private protected abstract Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken);
}
