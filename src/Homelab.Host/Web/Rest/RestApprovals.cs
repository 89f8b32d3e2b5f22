using System.Text.Json;
using Homelab.Composition;

namespace Homelab.Host.Web.Rest;

/// <summary>The routes to the questions that wait for people. A client answers them in its own name, which policy.approval.approvers must list; never those that it asked itself.</summary>
internal sealed class RestApprovals(HomelabRuntime runtime)
{
    internal const string Parameter = "id";

    private const string StatusField = "status";
    private const string TargetField = "target";
    private const string Everything = "all";
    private const int Most = 200;
    private const int ShownLength = 60;

    internal async Task ListAsync(HttpContext http, Caller caller)
    {
        var asked = http.Request.Query[StatusField] is [{ } one] ? one : HomelabNames.Of(ApprovalStatus.Pending);
        ApprovalStatus? status = Enum.GetValues<ApprovalStatus>().Where(s => HomelabNames.Of(s) == asked).Select(static s => (ApprovalStatus?)s).FirstOrDefault();
        if ((status is null && asked != Everything) || http.Request.Query.Any(static q => q.Key != StatusField || q.Value.Count != 1))
        {
            throw new HomelabException(ErrorKind.Invalid, "InputInvalid", $"The query may hold status, once: {string.Join(", ", Enum.GetValues<ApprovalStatus>().Select(static s => HomelabNames.Of(s)))} or all.");
        }

        var found = status switch
        {
            // What waits is asked for by the desk, which knows whose time is over.
            ApprovalStatus.Pending => await runtime.Approvals.ListPendingAsync(http.RequestAborted),
            { } known => await runtime.Store.ListApprovalsAsync(known, http.RequestAborted),
            null => await runtime.Store.ListApprovalsAsync(Most, http.RequestAborted),
        };
        await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, found.OrderByDescending(static a => a.RequestedAt).Take(Most).Select(RestApproval.Of).ToArray());
    }

    internal async Task ShowAsync(HttpContext http, Caller caller) =>
        await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, RestApproval.Of(await runtime.Approvals.GetAsync(Id(http), http.RequestAborted)));

    internal async Task ApproveAsync(HttpContext http, Caller caller)
    {
        var target = await ReadAsync(http, takesTarget: true);
        await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, RestApproval.Of(await runtime.Approvals.ApproveAsync(Id(http), caller.ToString(), target, http.RequestAborted)));
    }

    internal async Task DenyAsync(HttpContext http, Caller caller)
    {
        await ReadAsync(http, takesTarget: false);
        await RestAnswer.WriteAsync(http, StatusCodes.Status200OK, RestApproval.Of(await runtime.Approvals.DenyAsync(Id(http), caller.ToString(), http.RequestAborted)));
    }

    // An answer that is not understood must not pass for a plain one.
    private static async Task<string?> ReadAsync(HttpContext http, bool takesTarget)
    {
        var problems = http.Request.Query.Keys.Select(static k => new InputProblem(ForeignText.Clean(k, ShownLength), null, "is not understood here", "This route takes no query.")).ToList();
        string? target = null;
        var body = await RestBody.ReadAsync(http, takesTarget ? "the target's name as the second confirmation: {\"target\": \"gitea@dev\"}" : "an empty one: {}");
        foreach (var field in body?.EnumerateObject().ToArray() ?? [])
        {
            if (takesTarget && target is null && field is { Name: TargetField, Value.ValueKind: JsonValueKind.String }) target = field.Value.GetString();
            else problems.Add(new InputProblem(ForeignText.Clean(field.Name, ShownLength), null, "is not understood here", takesTarget ? "The body may hold target, once, as a text." : "The body may hold nothing."));
        }

        return problems.Count == 0 ? target : throw new InputException(problems);
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues[Parameter]!;
}
