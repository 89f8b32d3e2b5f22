using System.Collections.Concurrent;

namespace Homelab;

/// <summary>
/// Lets only so many commands of one rule run at once on one host, whichever operation runs them: whoever comes later waits for his turn, in the order of coming.
/// Counts within this process.
/// </summary>
public sealed class CommandTurns
{
    private readonly ConcurrentDictionary<(string Rule, string Host), SemaphoreSlim> _seats = new();

    /// <summary>Waits for a turn. It ends when it is disposed.</summary>
    /// <param name="decision">What the policy says of the command; a command that no rule means counts among its like.</param>
    /// <param name="waiting">Told once where there is a wait: what is waited for, for people.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException"><c>CommandNotBegun</c> (Timeout): the wait was ended before the turn came. Nothing was run.</exception>
    public async Task<CommandTurn> TakeAsync(CommandDecision decision, Action<string> waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(waiting);
        var place = decision.Place.Target;
        // What is on no host, such as a script, runs on this machine.
        var host = place.Host ?? (place.Kind == "host" ? place.Name : "this machine");
        var (rule, most) = (decision.Rule ?? "", decision.Limits.AtOnce);
        var seats = _seats.GetOrAdd((rule, host), static (_, most) => new SemaphoreSlim(most), most);
        // Asked without waiting first: whoever need not wait is told of no wait.
        if (await seats.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false)) return new CommandTurn(seats);
        var limit = $"rule {rule} lets {most} at once run on {host}";
        waiting(limit);
        try
        {
            await seats.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            // No plain cancellation: after that one, nobody could tell whether the command ran.
            const string WayOut = "Ask again later, or raise limits.atOnce of the rule in policy.commands of the lab file.";
            throw new HomelabException(ErrorKind.Timeout, "CommandNotBegun", $"{CommandLine.Show(decision.Line.Words)} was not begun: {limit}, and its turn did not come. {WayOut}", place.ToString(), e)
            {
                WayOut = WayOut,
                NothingHappened = true,
            };
        }

        return new CommandTurn(seats);
    }
}

/// <summary>The turn of one command. Disposing it lets the next one run.</summary>
public sealed class CommandTurn : IDisposable
{
    private SemaphoreSlim? _seats;

    internal CommandTurn(SemaphoreSlim seats) => _seats = seats;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _seats, null)?.Release();
}
