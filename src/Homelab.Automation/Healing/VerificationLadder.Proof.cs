using System.Text.Json;
using Homelab.Automation.Expressions;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <content>Proof as a runbook's <c>verify</c> wants it: rungs and questions, again and again, until all hold or the time is up.</content>
public sealed partial class VerificationLadder
{
    // As of a step's look: what no question can use is not read.
    private const int MostItems = 1_000;

    /// <summary>Looks again and again until everything has held for as long as it must, or the time is up.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="definition">The service.</param>
    /// <param name="verify">What, how long and how often.</param>
    /// <param name="since">From when it counts: the end of the last step.</param>
    /// <param name="scope">What the questions may speak of.</param>
    /// <param name="caller">Who looks.</param>
    /// <param name="seen">Hears of each look.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    internal async Task<LadderReading> ProveAsync(
        string service, ServiceDefinition definition, RunbookVerify verify, DateTimeOffset since, RunbookScope scope, Caller caller, Action<LadderReading> seen, TimeProvider time, CancellationToken cancellationToken)
    {
        // What settles and holds takes its time, whatever the clock is set to meanwhile: it is asked once how much has gone by, and measured from there.
        var gone = time.GetUtcNow() - since;
        if (gone < TimeSpan.Zero) gone = TimeSpan.Zero;
        var began = time.GetTimestamp();
        var wait = verify.Settle - gone;
        TimeSpan? heldSince = null;
        while (true)
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            scope.Tick(time.GetUtcNow());
            var reading = await LookAsync(service, definition, verify, scope, caller, cancellationToken).ConfigureAwait(false);
            seen(reading);
            var now = gone + time.GetElapsedTime(began);
            if (reading.IsUp)
            {
                var left = (heldSince ??= now) + verify.Hold - now;
                if (left <= TimeSpan.Zero) return reading;
                wait = left < verify.Every ? left : verify.Every;
                continue;
            }

            // What did not hold begins to hold anew, and only as long as there is time.
            heldSince = null;
            if (now + verify.Every > verify.Within) return reading;
            wait = verify.Every;
        }
    }

    private async Task<LadderReading> LookAsync(string service, ServiceDefinition definition, RunbookVerify verify, RunbookScope scope, Caller caller, CancellationToken cancellationToken)
    {
        var rungs = LookAsync(service, definition, verify.Checks, caller, cancellationToken);
        var answers = await Task.WhenAll(verify.Ask.Select(question => AskAsync(question, scope, caller, cancellationToken))).ConfigureAwait(false);
        return new LadderReading([.. (await rungs.ConfigureAwait(false)).Rungs, .. answers.OfType<RungReading>()]);
    }

    private async Task<RungReading?> AskAsync(VerifyQuestion question, RunbookScope scope, Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            if (question.When is { } when && !Expression.Parse(when).Holds(scope.Values)) return null;
            var items = new List<object>();
            var request = new GateRequest { Operation = question.Do, Json = StepInput.Render(question.With, scope.Values), Caller = caller };
            await foreach (var item in gate.QueryAsync(request, cancellationToken).ConfigureAwait(false))
            {
                items.Add(item);
                if (items.Count == MostItems) break;
            }

            var holds = Expression.Parse(question.That).Holds(scope.WithResult(items));
            return new RungReading(question.Do, holds, $"'{question.That}' {(holds ? "holds" : "does not hold")}");
        }
        catch (HomelabException e)
        {
            return RungReading.Unknown(question.Do, $"'{question.That}' could not be asked: {e.Message}");
        }
    }
}
