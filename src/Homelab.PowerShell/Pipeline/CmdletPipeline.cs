using System.Management.Automation;
using Homelab.PowerShell.Errors;

namespace Homelab.PowerShell.Pipeline;

/// <summary>What the asynchronous body of a cmdlet can say and ask.</summary>
internal sealed class CmdletPipeline(PipelinePump<ICmdletOutput> pump)
{
    private readonly ProgressMeter _progress = new(TimeProvider.System);

    /// <summary>Writes one object; waits while the pipeline is busy.</summary>
    internal ValueTask WriteAsync(object item) => pump.SayAsync(output => output.WriteObject(ShownLists.Of(item)));

    /// <summary>Writes one error, and goes on.</summary>
    internal ValueTask WriteErrorAsync(HomelabException error) => pump.SayAsync(output => output.WriteError(ErrorRecords.Of(error)));

    /// <summary>Warns of what the user must act upon.</summary>
    internal void Warn(string text) => pump.Post(output => output.WriteWarning(text));

    /// <summary>Says what was done on the way. Can be called from anywhere.</summary>
    internal void Verbose(string text) => pump.Post(output => output.WriteVerbose(text));

    /// <summary>Shows how far an operation is, at most five times a second.</summary>
    internal void Report(OperationProgress progress)
    {
        if (_progress.Next(progress) is { } record) pump.Post(output => output.WriteProgress(record));
    }

    /// <summary>Takes the progress off the screen, if any was shown.</summary>
    internal void EndProgress()
    {
        if (_progress.End() is { } record) pump.Post(output => output.WriteProgress(record));
    }

    /// <summary>Asks whether to go on, as <c>-Confirm</c> and the preference want it.</summary>
    internal Task<bool> ShouldProcessAsync(string target, string action) => pump.AskAsync(output => output.ShouldProcess(target, action));

    /// <summary>Asks for a line of text.</summary>
    internal Task<string> AskForTextAsync(string caption, string message, string field) => pump.AskAsync(output => output.AskForText(caption, message, field));

    /// <summary>Runs something on the pipeline thread, where PowerShell's own commands can be called.</summary>
    internal Task<T> OnPipelineThreadAsync<T>(Func<T> call) => pump.AskAsync(_ => call());
}
