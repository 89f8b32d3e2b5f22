using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Homelab.Host.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>
/// Shows a question to the person at the client, where the client can (elicitation), each question once. A courtesy: the person may say no, or that he knows of it. Whether a yes counts is
/// the approvals' own rule; nothing that the client sends makes it count.
/// </summary>
internal sealed class ClientQuestions(OperationGate gate, ApprovalDesk approvals, TimeProvider time, JsonLog log)
{
    private const string Key = "approval";
    private const string Field = "answer";
    private const string Yes = "yes";
    private const string No = "no";
    private const string Known = "known";
    private const int LongestText = 600;

    // Of this process alone: what another process showed is asked for by another way.
    private static readonly byte[] s_seal = RandomNumberGenerator.GetBytes(32);
    private static readonly ConcurrentDictionary<string, DateTimeOffset> s_shown = new(StringComparer.Ordinal);

    /// <summary>Shows the question by ending the call, if that is possible and was not done before. The call is repeated with the answer by the client, or by the SDK.</summary>
    /// <exception cref="InputRequiredException">The question, for the SDK.</exception>
    internal void Show(RequestContext<CallToolRequestParams> request, OperationDescriptor operation, Approval approval)
    {
        if (!request.Server.IsMrtrSupported || !CanShow(request.Server.ClientCapabilities) || !IsFirst(approval)) return;
        var takesYes = approvals.TakesYesAtClient(approval, operation);
        var until = approval.ExpiresAt.ToString("u", CultureInfo.InvariantCulture);
        var say = takesYes ? "A yes here is enough." : $"It is approved elsewhere: 'homelab approvals approve {approval.Id}' at a shell of the lab, or on a channel such as Telegram.";
        ElicitRequestParams.EnumSchemaOption[] answers =
        [
            takesYes ? new() { Const = Yes, Title = "Yes, do it" } : new() { Const = Known, Title = "I know of it; it will be approved elsewhere" },
            new() { Const = No, Title = "No, do not do it" },
        ];
        var form = new ElicitRequestParams
        {
            Message = ForeignText.Clean($"{approval.Question} ({approval.Reason}) {say} No answer by {until} means no.", LongestText),
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties = { [Field] = new ElicitRequestParams.TitledSingleSelectEnumSchema { Title = "Your answer", OneOf = answers } },
                Required = [Field],
            },
        };
        throw new InputRequiredException(new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [Key] = InputRequest.ForElicitation(form) }, Seal(approval.Id));
    }

    /// <summary>Takes the answer that came with the call, if one came to a question that was shown by us.</summary>
    /// <exception cref="HomelabException">As for <see cref="ApprovalDesk.AnswerAtClientAsync"/>.</exception>
    internal async Task TakeAsync(CallToolRequestParams call, OperationDescriptor operation, Caller caller, CancellationToken cancellationToken)
    {
        if (call.RequestState is not { } state) return;
        if (Unseal(state) is not { } id)
        {
            log.Write("answerNotTaken", $"{caller} sent an answer to a question that this process did not show");
            await gate.RefuseAsync("mcp_answer", operation.Name, "it answers a question that was not shown here", caller);
            return;
        }

        if (call.InputResponses?.TryGetValue(Key, out var response) != true || Read(response!) is not { } answer || answer == Known) return;
        await approvals.AnswerAtClientAsync(id, caller, operation, answer == Yes, cancellationToken);
    }

    // One that was declined is a no; one that was closed says nothing.
    private static string? Read(InputResponse response)
    {
        try
        {
            var result = response.Deserialize(InputResponse.ElicitResultJsonTypeInfo);
            return result?.Action switch
            {
                "decline" => No,
                "accept" when result.Content?.TryGetValue(Field, out var given) == true && given.ValueKind == JsonValueKind.String && given.GetString() is Yes or No or Known => given.GetString(),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // What cannot be read answers nothing: the question stands, and its expiry means no.
            return null;
        }
    }

    private static bool CanShow(ClientCapabilities? client) => client?.Elicitation is { } can && (can.Form is not null || can.Url is null);

    private bool IsFirst(Approval approval)
    {
        var now = time.GetUtcNow();
        foreach (var (old, until) in s_shown)
        {
            if (until < now) s_shown.TryRemove(old, out _);
        }

        return s_shown.TryAdd(approval.Id, approval.ExpiresAt);
    }

    private static string Seal(string id) => $"{id}.{Convert.ToHexStringLower(HMACSHA256.HashData(s_seal, Encoding.UTF8.GetBytes(id)))}";

    private static string? Unseal(string state)
    {
        var id = state.Split('.')[0];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(Seal(id))) ? id : null;
    }
}
