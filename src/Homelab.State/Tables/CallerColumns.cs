namespace Homelab.State;

/// <summary>A caller as five columns, which several tables have.</summary>
internal static class CallerColumns
{
    internal const string Names = "caller_face, caller_identity, caller_ceiling, caller_incident, caller_run";

    internal static Statement Add(this Statement statement, Caller caller) =>
        statement.Add(caller.Face).Add(caller.Identity).Add(caller.Ceiling).Add(caller.Incident).Add(caller.Run);

    internal static Caller Caller(this Statement row) => new(row.Name<Face>(), row.Text())
    {
        Ceiling = row.Name<Level>(),
        Incident = row.TextOrNull(),
        Run = row.TextOrNull(),
    };
}
