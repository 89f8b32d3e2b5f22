using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Homelab.Composition.Clients;

namespace Homelab.PowerShell.Completion;

/// <summary>Offers the skills that are shipped, whatever the lab.</summary>
public sealed class SkillNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = (wordToComplete ?? "").Trim('\'', '"');
        return SkillBook.Names.Where(n => n.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Select(static n => new CompletionResult(n, n, CompletionResultType.ParameterValue, n));
    }
}
