namespace Homelab.Host.Web.Rest;

/// <summary>Writes down what a known client was refused before the gate was asked, which writes down for itself.</summary>
internal sealed class RestRefusals(OperationGate gate)
{
    /// <summary>The door, as the audit's operation.</summary>
    internal const string Door = "rest_request";

    /// <summary>Does what stands before the gate, or beside it.</summary>
    internal async Task<T> WatchAsync<T>(HttpContext http, Caller caller, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        // Who may not answer a question was written down by the desk that asked it.
        catch (Exception e) when (e is BadHttpRequestException or HomelabException { Id: not ApprovalDesk.NotAllowed })
        {
            await gate.RefuseAsync(Door, $"{http.Request.Method} {http.Request.Path}", e is HomelabException { Id: var id } ? $"{id}: {e.Message}" : e.Message, caller);
            throw;
        }
    }
}
