using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Operations;

/// <summary>A cmdlet that is the prompt's face of one operation.</summary>
public abstract class OperationCmdlet : LabCmdlet
{
    private protected OperationCmdlet()
    {
    }

    /// <summary>The operation's name.</summary>
    private protected abstract string OperationName { get; }

    /// <summary>The input, from the parameters as they are bound now.</summary>
    private protected abstract object ToInput();

    /// <summary>The call as the gate takes it.</summary>
    private protected GateRequest Request(CmdletPipeline pipeline) => new()
    {
        Operation = OperationName,
        Input = ToInput(),
        Caller = Caller,
        Progress = pipeline.Report,
    };

    /// <summary>Writes an object, and remembers its name for completion.</summary>
    private protected ValueTask WriteAsync(CmdletPipeline pipeline, object item)
    {
        Lab.Names.Learn(item);
        return pipeline.WriteAsync(item);
    }
}
