using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Runbooks;

/// <summary>One pass through the steps of one run: what was written down before, what this pass adds, and how a single step is taken.</summary>
internal sealed class StepPass(
    OperationGate gate,
    RunbookRun run,
    RunbookScope scope,
    RunAttendance attendance,
    RunQuiet quiet,
    Dictionary<(string Step, int Item), StepRecord> earlier,
    TimeProvider time,
    int mostItems)
{
    private readonly List<StepRecord> _written = [];

    internal RunbookScope Scope => scope;

    internal IReadOnlyList<StepRecord> Written => _written;

    internal async Task<StepsEnd> TakeAsync(RunbookStep step, JsonNode? item, int index, CancellationToken cancellationToken)
    {
        earlier.TryGetValue((step.Id, index), out var before);
        // What ended a run is asked anew: it was the end only if it still is.
        if (before is { Status: StepStatus.Succeeded or StepStatus.Skipped } && step.Stop is null) return Remember(step, before);

        scope.Tick(time.GetUtcNow());
        var values = item is null ? scope.Values : scope.With(item);
        try
        {
            if (step.When is { } when && !Expression.Parse(when).Holds(values))
            {
                // That a run does not end here is nothing to write down.
                if (step.Stop is null) Skip(step, $"'{when}' does not hold", index);
                return new StepsEnd.Completed();
            }

            if (step.Stop is { } stop) return Conclude(step, stop, values, index);
            var input = StepInput.Render(step.With, values);
            attendance.Started(step.Id, step.Do);
            return gate.Catalog.Find(step.Do).Descriptor.IsChange
                ? await ChangeAsync(step, input, step.Because is { } because ? Template.Parse(because).Text(values) : null, item, index, before, cancellationToken).ConfigureAwait(false)
                : await QueryAsync(step, input, index, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (!StateTrouble.Is(e))
        {
            return Fail(step, index, e);
        }
    }

    internal async Task RollBackAsync(RunbookStep step, CancellationToken cancellationToken)
    {
        if (_written.Concat(earlier.Values).FirstOrDefault(s => s.Step == step.Id && s.Status == StepStatus.Succeeded) is not { } done) return;
        try
        {
            var request = Request(step.Rollback!.Do, StepInput.Render(step.Rollback.With, scope.Values), step, $"{run.Id}/{step.Id}/rollback") with { Undoes = true };
            attendance.Started(step.Id, $"undo: {step.Rollback.Do}");
            var outcome = await gate.InvokeAsync(request, cancellationToken).ConfigureAwait(false);
            Write(done with
            {
                Status = outcome is GateOutcome.Done ? StepStatus.RolledBack : StepStatus.Failed,
                Error = outcome switch
                {
                    GateOutcome.Done => null,
                    GateOutcome.Declined => "a person said no to undoing it",
                    _ => "undoing it needs a person's approval and was not done",
                },
                At = time.GetUtcNow(),
            });
        }
        catch (HomelabException e) when (!StateTrouble.Is(e))
        {
            // The run has failed already; that undoing failed too belongs in the evidence, and the other steps are still undone.
            Write(done with { Status = StepStatus.Failed, Error = $"undoing it failed: {e.Id}: {e.Message}", At = time.GetUtcNow() });
        }
    }

    internal StepsEnd Fail(RunbookStep step, int index, HomelabException error)
    {
        Write(new StepRecord { Run = run.Id, Step = step.Id, Item = index, Status = StepStatus.Failed, Error = $"{error.Id}: {error.Message}", At = time.GetUtcNow() });
        scope.AddMissing(step.Id, "failed", error.Message);
        return step.OnError == OnError.Continue ? new StepsEnd.Completed() : new StepsEnd.Failed(step.Id, error);
    }

    internal void Skip(RunbookStep step, string why, int index = 0)
    {
        Write(new StepRecord { Run = run.Id, Step = step.Id, Item = index, Status = StepStatus.Skipped, Error = why, At = time.GetUtcNow() });
        scope.AddMissing(step.Id, "skipped", why);
    }

    private StepsEnd.Concluded Conclude(RunbookStep step, RunbookStop stop, JsonObject values, int index)
    {
        var say = Template.Parse(stop.Say).Text(values);
        Write(new StepRecord { Run = run.Id, Step = step.Id, Item = index, Status = StepStatus.Succeeded, Result = new JsonObject { ["say"] = say }.ToJsonString(), At = time.GetUtcNow() });
        return new StepsEnd.Concluded(step.Id, say);
    }

    private async Task<StepsEnd> QueryAsync(RunbookStep step, JsonElement input, int index, CancellationToken cancellationToken)
    {
        var items = new List<object>();
        using var deadline = new CancellationTokenSource(step.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        for (var attempt = 1; ; attempt++)
        {
            items.Clear();
            try
            {
                await foreach (var item in gate.QueryAsync(Request(step.Do, input, step, key: null), linked.Token).ConfigureAwait(false))
                {
                    items.Add(item);
                    if (items.Count == mostItems) break;
                }

                break;
            }
            catch (HomelabException e) when (attempt < (step.Retry?.Attempts ?? 1) && e.Kind is ErrorKind.Unavailable or ErrorKind.Timeout or ErrorKind.Failed)
            {
                await Task.Delay(step.Retry!.Backoff * Math.Pow(2, attempt - 1), time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new HomelabException(ErrorKind.Timeout, "StepTimedOut", $"Step '{step.Id}' did not end within {Duration.Format(step.Timeout)}.", step.Id, e);
            }
        }

        scope.AddItems(step.Id, items);
        // What a query saw is not kept: after a crash it looks again, which is the better answer.
        return new StepsEnd.Completed();
    }

    private async Task<StepsEnd> ChangeAsync(RunbookStep step, JsonElement input, string? because, JsonNode? item, int index, StepRecord? before, CancellationToken cancellationToken)
    {
        var interrupts = gate.Catalog.Find(step.Do).Descriptor.Risk >= Risk.Disrupt;
        for (var tries = before?.Try ?? 0; ; tries++)
        {
            var request = Request(step.Do, input, step, Key(step, item, tries)) with { Approval = before?.Approval, Because = because };
            try
            {
                if (interrupts) await quiet.BeginAsync(request, cancellationToken).ConfigureAwait(false);
                switch (await gate.InvokeAsync(request, cancellationToken).ConfigureAwait(false))
                {
                    case GateOutcome.Done done:
                        Write(new StepRecord
                        {
                            Run = run.Id,
                            Step = step.Id,
                            Item = index,
                            Try = tries,
                            Status = StepStatus.Succeeded,
                            Result = done.Result is null ? null : JsonSerializer.Serialize(done.Result, done.Result.GetType(), HomelabJson.Options),
                            Approval = before?.Approval,
                            At = time.GetUtcNow(),
                        });
                        scope.AddResult(step.Id, done.Result);
                        return new StepsEnd.Completed();
                    case GateOutcome.Waiting waiting:
                        Write(new StepRecord { Run = run.Id, Step = step.Id, Item = index, Try = tries, Status = StepStatus.Waiting, Approval = waiting.Approval.Id, At = time.GetUtcNow() });
                        return new StepsEnd.Waiting(waiting.Approval);
                    case GateOutcome.Declined declined:
                        return Decline(step, index, $"{declined.Intent}", "declined at the prompt", approval: null);
                    case var other:
                        throw new InvalidOperationException($"A runbook's step ended as {other.GetType().Name}, which only a dry run can.");
                }
            }
            catch (HomelabException e) when (e.Id == OperationGate.NotDone)
            {
                // A crash cut the last try off, and a read showed that it never happened: set out anew, under a new key.
                before = before is null ? null : before with { Approval = null };
            }
            catch (HomelabException e) when (e.Id == OperationGate.ApprovalVoid && before?.Approval is { } voided)
            {
                // What people were asked about is not there any more: to go on with it is not what they said yes to.
                return Decline(step, index, e.Message, e.Message, voided);
            }
            catch (HomelabException e) when (e.Id == OperationGate.ApprovalUnusable && before?.Approval is { } approval)
            {
                // The question was answered with no, or not in time.
                return Decline(step, index, step.Do, e.Message, approval);
            }
        }
    }

    private StepsEnd.Declined Decline(RunbookStep step, int index, string what, string why, string? approval)
    {
        Write(new StepRecord { Run = run.Id, Step = step.Id, Item = index, Status = StepStatus.Failed, Error = why, Approval = approval, At = time.GetUtcNow() });
        scope.AddMissing(step.Id, "failed", why);
        return new StepsEnd.Declined(step.Id, what);
    }

    private StepsEnd.Completed Remember(RunbookStep step, StepRecord before)
    {
        if (before.Status == StepStatus.Skipped) scope.AddMissing(step.Id, "skipped", before.Error);
        else scope.AddResult(step.Id, before.Result is null ? null : JsonNode.Parse(before.Result));
        return new StepsEnd.Completed();
    }

    private GateRequest Request(string operation, JsonElement input, RunbookStep step, string? key) => new()
    {
        Operation = operation,
        Json = input,
        Caller = attendance.Caller,
        Confirmation = attendance.Confirmation,
        Key = key,
        AtLeast = step.Approve || attendance.Asks ? Requirement.Ask : Requirement.Auto,
        Timeout = step.Timeout,
        Retry = step.Retry is { } retry ? new RetryRule(retry.Attempts, retry.Backoff) : RetryRule.Once,
    };

    // The item itself, not its place: a list that is read again after a crash may come in another order.
    private string Key(RunbookStep step, JsonNode? item, int tries)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{run.Id}/{step.Id}/{tries}");
        return item is null ? key : $"{key}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(item.ToJsonString())))[..16]}";
    }

    private void Write(StepRecord record)
    {
        _written.RemoveAll(s => s.Step == record.Step && s.Item == record.Item);
        _written.Add(record);
        attendance.Ended(record);
    }
}
