using System.Management.Automation;

namespace Homelab.PowerShell.Errors;

/// <summary>Maps failures to error records, once: id, category, target and what to do.</summary>
internal static class ErrorRecords
{
    internal static ErrorRecord Of(HomelabException error)
    {
        var record = new ErrorRecord(error, error.Id, CategoryOf(error.Kind), error.Target);
        var wayOut = error is GateException { Decision: var decision } ? string.Join(" ", decision.Decisive.Select(static f => f.WayOut).OfType<string>()) : error.WayOut;
        if (wayOut.Length > 0) record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = wayOut };
        return record;
    }

    internal static ErrorCategory CategoryOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.Invalid => ErrorCategory.InvalidArgument,
        ErrorKind.Denied => ErrorCategory.PermissionDenied,
        ErrorKind.Refused => ErrorCategory.LimitsExceeded,
        ErrorKind.Conflict => ErrorCategory.ResourceBusy,
        ErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.Failed => ErrorCategory.InvalidResult,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
