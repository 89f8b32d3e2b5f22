using Homelab.Configuration;

namespace Homelab.Composition;

/// <summary>
/// Looks after the lab file, and puts in force what it says of who may do what (<see cref="HomelabRuntime.TakePolicyAsync"/>) as soon as it says something else. A file that cannot be
/// read or does not fit changes nothing.
/// </summary>
/// <param name="runtime">The lab.</param>
/// <param name="read">Reads the lab file anew.</param>
/// <param name="tell">Is told what happened: the name of the event, and what it says.</param>
public sealed class PolicyWatch(HomelabRuntime runtime, Func<LabFile> read, Action<string, string> tell)
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    private IReadOnlyList<string> _files = runtime.File.Files;

    /// <summary>Looks, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Not what is there now: the file may have changed while the program was starting.
        var taken = Joined(runtime.File.Seen);
        var before = Look();
        while (_files.Count > 0)
        {
            await Task.Delay(s_every, runtime.Time, cancellationToken).ConfigureAwait(false);
            var now = Look();
            // Half a file is a looser policy: what changed is taken when it has stayed as it is from one look to the next.
            if (now != taken && now == before)
            {
                now = taken = await TakeAsync(cancellationToken).ConfigureAwait(false) ?? now;
            }

            before = now;
        }
    }

    // What was seen of the files before they were read, so that what changes meanwhile is seen by the next look; null when they cannot be taken.
    private async Task<string?> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var file = read();
            await runtime.TakePolicyAsync(file, cancellationToken).ConfigureAwait(false);
            _files = file.Files;
            tell("policyTaken", "The lab file has changed: its access and the rules of its policy (approvals, runbooks, targets, protected, self, windows) hold from now on. Whatever else was changed in it takes a restart.");
            return Joined(file.Seen);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            tell("policyRefused", $"The lab file has changed and cannot be taken; the policy stays as it was. {e.Message}");
            return null;
        }
    }

    private string Look() => Joined(_files.Select(LabFile.Look));

    private static string Joined(IEnumerable<string> seen) => string.Join('|', seen);
}
