namespace Homelab.Host.Mcp.Http;

/// <summary>Writes down what a known caller tried at the door and was refused there, of a flood how much: behind it the gate writes for itself.</summary>
internal sealed class DoorAudit(IGateStore store, TimeProvider time)
{
    /// <summary>A request contradicted itself, came by another name or from a foreign page, or was none.</summary>
    internal const string Request = "mcp_request";

    /// <summary>The id of a session was shown that is somebody else's, or nobody's.</summary>
    internal const string Session = "mcp_session";

    private const int LongestText = 300;

    private readonly RefusalNotes _notes = new(store, time);

    /// <param name="caller">Who tried.</param>
    /// <param name="what">One of the names above, as the audit's operation.</param>
    /// <param name="target">What was asked for.</param>
    /// <param name="reason">Why not; it may quote what was sent, and is cleaned and cut.</param>
    internal Task RefusedAsync(Caller caller, string what, string target, string reason) => _notes.WriteAsync(
        new AuditEntry
        {
            Time = time.GetUtcNow(),
            Kind = AuditKind.Denied,
            Operation = what,
            Target = ForeignText.Clean(target, LongestText),
            Trigger = FaceNames.Of(caller.Face),
            Identity = caller.Identity,
            Decision = "deny: " + ForeignText.Clean(reason, LongestText),
        });
}
