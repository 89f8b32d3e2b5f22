using System.CommandLine;
using Homelab.Composition;

namespace Homelab.Host.Commands;

/// <summary><c>homelab approvals</c>: lists the questions that wait for a person, and takes the answers of this machine's user.</summary>
internal static class ApprovalsCommand
{
    internal static Command Create()
    {
        var lab = LabOption.Create();
        var list = new Command("list", "List the questions that wait for an answer.") { lab };
        list.SetAction((parsed, cancellationToken) => WithRuntimeAsync(parsed, lab, ListAsync, cancellationToken));

        var approveId = new Argument<string>("id") { Description = "The approval, as the question named it." };
        var typed = new Option<string?>("--target") { Description = "The target's name, typed in: makes a second confirmation a different one." };
        var approve = new Command("approve", "Answer yes.") { approveId, typed, lab };
        approve.SetAction((parsed, cancellationToken) => WithRuntimeAsync(
            parsed,
            lab,
            async (runtime, token) => Print(await runtime.Approvals.ApproveAsync(parsed.GetRequiredValue(approveId), Me, parsed.GetValue(typed), token)),
            cancellationToken));

        var denyId = new Argument<string>("id") { Description = "The approval, as the question named it." };
        var deny = new Command("deny", "Answer no.") { denyId, lab };
        deny.SetAction((parsed, cancellationToken) => WithRuntimeAsync(
            parsed,
            lab,
            async (runtime, token) => Print(await runtime.Approvals.DenyAsync(parsed.GetRequiredValue(denyId), Me, token)),
            cancellationToken));

        return new Command("approvals", "See and answer the questions that wait for a person.") { list, approve, deny };
    }

    private static string Me => $"cli:{Environment.UserName}";

    private static async Task<int> WithRuntimeAsync(ParseResult parsed, Option<FileInfo?> lab, Func<HomelabRuntime, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        await using var runtime = await HomelabRuntime.OpenAsync(LabOption.Read(parsed, lab), new RuntimeOptions(), cancellationToken);
        await act(runtime, cancellationToken);
        return HomelabProgram.Ok;
    }

    private static async Task ListAsync(HomelabRuntime runtime, CancellationToken cancellationToken)
    {
        var pending = await runtime.Approvals.ListPendingAsync(cancellationToken);
        foreach (var approval in pending) Print(approval);
        if (pending.Count == 0) Console.WriteLine("Nothing waits for an answer.");
    }

    private static void Print(Approval approval)
    {
        Console.WriteLine($"{approval.Id}  {approval.Question}  {HomelabNames.Of(approval.Status)}, {approval.Confirmations.Count} of {approval.Needed} confirmations");
        Console.WriteLine($"    asked by {approval.RequestedBy} because {approval.Reason}; no answer by {approval.ExpiresAt:u} means no");
    }
}
