using System.Management.Automation;

namespace Homelab.PowerShell.Pipeline;

/// <summary>What a cmdlet can say, on the pipeline thread alone.</summary>
internal interface ICmdletOutput
{
    void WriteObject(object item);

    void WriteError(ErrorRecord error);

    void WriteWarning(string text);

    void WriteVerbose(string text);

    void WriteProgress(ProgressRecord progress);

    /// <summary>Asks by <c>-Confirm</c> and the preference; says what would happen under <c>-WhatIf</c>.</summary>
    bool ShouldProcess(string target, string action);

    /// <summary>Asks for a line of text.</summary>
    /// <exception cref="Exception">PowerShell's own, where nobody can be asked.</exception>
    string AskForText(string caption, string message, string field);
}
