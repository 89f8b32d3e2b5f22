using System.Management.Automation;

namespace TrivialModule;

/// <summary>The least that a binary module can be: what importing one costs at any rate.</summary>
[Cmdlet(VerbsCommon.Get, "Trivial")]
[OutputType(typeof(int))]
public sealed class GetTrivialCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(1);
}
