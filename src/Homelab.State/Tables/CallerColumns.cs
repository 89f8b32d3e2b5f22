namespace Homelab.State;

/// <summary>A caller as six columns, which several tables have.</summary>
internal static class CallerColumns
{
    internal const string Names = "caller_face, caller_identity, caller_ceiling, caller_incident, caller_run, caller_scope";

    internal static Statement Add(this Statement statement, Caller caller) =>
        statement.Add(caller.Face).Add(caller.Identity).Add(caller.Ceiling).Add(caller.Incident).Add(caller.Run).Add(caller.Scope);

    internal static Caller Caller(this Statement row) => new(row.Name<Face>(), row.Text())
    {
        Ceiling = row.Name<Level>(),
        Incident = row.TextOrNull(),
        Run = row.TextOrNull(),
        Scope = row.Scope(),
    };

    /// <summary>All operations are no text.</summary>
    internal static Statement Add(this Statement statement, OperationScope scope) => statement.Add(scope == OperationScope.All ? null : scope.Text);

    internal static OperationScope Scope(this Statement row)
    {
        try
        {
            return OperationScope.Parse(row.TextOrNull());
        }
        catch (HomelabException e)
        {
            throw row.Odd(e.Message);
        }
    }
}
