using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using Homelab.PowerShell.Errors;

namespace Homelab.PowerShell.Pipeline;

/// <summary>A cmdlet whose work is asynchronous. Everything it says goes through a <see cref="PipelinePump{TOutput}"/>.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private CmdletOutput? _output;

    private protected AsyncCmdlet()
    {
    }

    /// <summary>The host that PowerShell runs in. A parameter of a cmdlet may be called Host as well.</summary>
    private protected PSHost Shell => Host;

    /// <summary>The folder that relative paths start from: PowerShell's own, which is not the process's.</summary>
    private protected string Folder => SessionState.Path.CurrentFileSystemLocation.ProviderPath;

    /// <summary>True under <c>-WhatIf</c>, or where <c>$WhatIfPreference</c> is set.</summary>
    private protected bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
            ? given is SwitchParameter { IsPresent: true }
            : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference", false));

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What it does before the first object comes; what fails here ends the cmdlet.</summary>
    private protected virtual Task BeginAsync(CmdletPipeline pipeline, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What it does for each object; what fails here is written as an error, and the next object comes.</summary>
    private protected virtual Task ProcessAsync(CmdletPipeline pipeline, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What it does after the last object.</summary>
    private protected virtual Task EndAsync(CmdletPipeline pipeline, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What it lets go of when the pipeline is over, however it ended.</summary>
    private protected virtual void End()
    {
    }

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(BeginAsync, e => ThrowTerminatingError(ErrorRecords.Of(e)));

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(ProcessAsync, e => WriteError(ErrorRecords.Of(e)));

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Run(EndAsync, e => WriteError(ErrorRecords.Of(e)));

    /// <inheritdoc/>
    // Comes on another thread. The pipeline thread is still in Run, and leaves it when the body has ended.
    protected sealed override void StopProcessing() => _stopping.Cancel();

    private void Run(Func<CmdletPipeline, CancellationToken, Task> body, Action<HomelabException> fail)
    {
        _output ??= new CmdletOutput(this);
        try
        {
            PipelinePump<ICmdletOutput>.Run(_output, (pump, token) => body(new CmdletPipeline(pump), token), _stopping.Token);
        }
        catch (HomelabException e)
        {
            fail(e);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    private sealed class CmdletOutput(AsyncCmdlet cmdlet) : ICmdletOutput
    {
        public void WriteObject(object item) => cmdlet.WriteObject(item);

        public void WriteError(ErrorRecord error) => cmdlet.WriteError(error);

        public void WriteWarning(string text) => cmdlet.WriteWarning(text);

        public void WriteVerbose(string text) => cmdlet.WriteVerbose(text);

        public void WriteProgress(ProgressRecord progress) => cmdlet.WriteProgress(progress);

        public bool ShouldProcess(string target, string action) => cmdlet.ShouldProcess(target, action);

        public string AskForText(string caption, string message, string field)
        {
            var answers = cmdlet.Shell.UI.Prompt(caption, message, new Collection<FieldDescription> { new(field) });
            return answers.TryGetValue(field, out var answer) ? answer?.BaseObject?.ToString() ?? "" : "";
        }
    }
}
