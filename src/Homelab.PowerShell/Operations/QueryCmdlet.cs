using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Operations;

/// <summary>The face of an operation that looks.</summary>
public abstract class QueryCmdlet : OperationCmdlet
{
    // For -Quiet. Nothing that was looked at proves nothing.
    private bool _sawAny;
    private bool _isWell = true;

    private protected QueryCmdlet()
    {
    }

    /// <summary>True when the caller wants to know only whether all is well: one answer, after the last object.</summary>
    private protected virtual bool IsQuiet => false;

    /// <inheritdoc/>
    private protected sealed override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in Lab.Runtime.Gate.QueryAsync(Request(pipeline), cancellationToken).ConfigureAwait(false))
            {
                _sawAny = true;
                if (item is IMayWarn { Warning: { } warning }) pipeline.Warn(warning);
                if (!IsQuiet) await WriteAsync(pipeline, item).ConfigureAwait(false);
                else _isWell &= item is IVerdict { IsGood: true };
            }
        }
        catch (HomelabException e) when (IsQuiet)
        {
            _isWell = false;
            // What does not answer is the answer no. A call that is wrong would be no on every machine, and its maker must hear of it.
            if (e.Kind is not (ErrorKind.Unavailable or ErrorKind.Timeout)) throw;
            pipeline.Verbose(e.Message);
        }
        finally
        {
            pipeline.EndProgress();
        }
    }

    /// <inheritdoc/>
    private protected sealed override async Task EndAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        if (IsQuiet) await pipeline.WriteAsync(_sawAny && _isWell).ConfigureAwait(false);
    }
}
