using System.Management.Automation;
using System.Management.Automation.Host;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Operations;

/// <summary>Asks the person at the prompt: first as PowerShell asks, then, where two confirmations are needed, for the target's name.</summary>
/// <param name="pipeline">Where to ask.</param>
/// <param name="force">True when the first question is not to be asked.</param>
internal sealed class PromptConfirmation(CmdletPipeline pipeline, bool force) : IConfirmation
{
    /// <inheritdoc/>
    /// <exception cref="HomelabException"><c>ConfirmationNeeded</c> (Denied): there is nobody who could type a name.</exception>
    public async ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken)
    {
        if (number == 1) return force || await pipeline.ShouldProcessAsync(intent.Target.ToString(), intent.Action).ConfigureAwait(false);

        var why = string.Join("; ", decision.Decisive.Select(static f => f.Reason));
        try
        {
            var typed = await pipeline.AskForTextAsync("A second confirmation is needed", $"{intent}: {why}. Type '{intent.Target}' to go on.", "Name").ConfigureAwait(false);
            return string.Equals(typed, intent.Target.ToString(), StringComparison.Ordinal);
        }
        catch (Exception e) when (e is HostException or PSInvalidOperationException or PSNotImplementedException)
        {
            throw new HomelabException(
                ErrorKind.Denied,
                "ConfirmationNeeded",
                $"{intent} needs a second confirmation ({why}), and nobody can be asked here. Do it at an interactive prompt, or connect with Connect-Hl -Unattended and have it approved.",
                intent.Target.ToString(),
                e);
        }
    }
}
