using Homelab.Host.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>One call of a tool: through the gate, and into an answer. Whatever goes wrong is an answer too, except that the client has cancelled.</summary>
internal sealed class ToolCall(OperationGate gate, QueryCollector queries, AnsweredQuestions questions, ClientQuestions client, ToolAnswer answer, JsonLog log)
{
    internal async Task<CallToolResult> RunAsync(OperationDescriptor operation, GateRequest request, RequestContext<CallToolRequestParams> call, CancellationToken cancellationToken)
    {
        try
        {
            if (!operation.IsChange) return await queries.CollectAsync(operation, request, cancellationToken);
            await client.TakeAsync(call.Params!, operation, request.Caller, cancellationToken);
            switch (await ChangeAsync(request, cancellationToken))
            {
                case GateOutcome.Done { Result: IUnfinished { IsUnfinished: true } result } begun:
                    return answer.Unfinished(operation, begun, result);
                case GateOutcome.Done done:
                    return answer.Done(operation, done);
                case GateOutcome.Waiting waiting:
                    client.Show(call, operation, waiting.Approval);
                    return answer.Waiting(operation, waiting.Approval);
                case var other:
                    throw new InvalidOperationException($"The gate answered a client with {other.GetType().Name}.");
            }
        }
        catch (HomelabException e)
        {
            return answer.Failed(operation, e);
        }
        catch (Exception e) when (e is not InputRequiredException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Its message may hold anything, so it goes to the log, where secrets are masked, and not to the model.
            log.Write("callCrashed", $"{operation.Name}: {e}");
            return answer.Failed(operation, new HomelabException(ErrorKind.Failed, "CallCrashed", $"{operation.Name} failed in a way it should not. The server's log says more.", operation.Name, e));
        }
    }

    private async Task<GateOutcome> ChangeAsync(GateRequest request, CancellationToken cancellationToken)
    {
        foreach (var question in await questions.ListAsync(request.Caller, request.Operation, cancellationToken))
        {
            try
            {
                return await gate.InvokeAsync(request with { Approval = question.Id }, cancellationToken);
            }
            catch (HomelabException e) when (e.Id == "ApprovalMismatch" || (e.Id == "ApprovalUnusable" && question.Status == ApprovalStatus.Approved))
            {
                // It was asked about another input, was used in this moment, or is not enough any more. Nothing was done.
            }
            catch (HomelabException e) when (e.Id == "ApprovalUnusable")
            {
                throw new HomelabException(
                    ErrorKind.Refused,
                    "ApprovalDenied",
                    $"A person said no to '{question.Question}' (approval {question.Id}). Do not ask again; from {question.ExpiresAt:u} on the question may be put anew.",
                    question.Target,
                    e);
            }
        }

        return await gate.InvokeAsync(request, cancellationToken);
    }
}
