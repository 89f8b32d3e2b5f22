using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Labs;

/// <summary>A cmdlet that works with a lab: the one this runspace is connected to, or else the one that is found.</summary>
public abstract class LabCmdlet : AsyncCmdlet
{
    private LabConnection? _lab;

    private protected LabCmdlet()
    {
    }

    /// <summary>The lab. Open from the first object on.</summary>
    private protected LabConnection Lab => _lab ?? throw new InvalidOperationException("The lab is not open yet.");

    /// <summary>The choice of this runspace.</summary>
    private protected LabChoice Choice { get; private set; } = LabChoice.None;

    /// <summary>Who asks: the person at this prompt, or a script that nobody watches.</summary>
    private protected Caller Caller => Choice.Caller;

    /// <inheritdoc/>
    private protected override async Task BeginAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline);
        (Choice, var folder) = await pipeline.OnPipelineThreadAsync(() => (LabChoice.Current, Folder)).ConfigureAwait(false);
        _lab = await LabConnections.OpenAsync(Choice, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        CallScope.Enter(pipeline);
        return RunAsync(pipeline, cancellationToken);
    }

    /// <inheritdoc/>
    // On the pipeline thread, which waits for it: what ends with this cmdlet has ended before the next one begins.
    private protected override void End()
    {
        if (Interlocked.Exchange(ref _lab, null) is { } lab) Task.Run(() => lab.LeaveAsync().AsTask()).GetAwaiter().GetResult();
    }

    /// <summary>What it does for each object.</summary>
    private protected abstract Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken);
}
