using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Operations;

/// <summary>The face of an operation that looks.</summary>
public abstract class QueryCmdlet : OperationCmdlet
{
    private protected QueryCmdlet()
    {
    }

    /// <inheritdoc/>
    private protected sealed override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in Lab.Runtime.Gate.QueryAsync(Request(pipeline), cancellationToken).ConfigureAwait(false))
            {
                await WriteAsync(pipeline, item).ConfigureAwait(false);
            }
        }
        finally
        {
            pipeline.EndProgress();
        }
    }
}
