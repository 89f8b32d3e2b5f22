namespace Homelab.Host.Web.Rest;

/// <summary>The guest that a path names: <c>/api/vms/{vmid}/…</c>, where the VMID may also be a name, or either behind a node.</summary>
internal static class VmRoute
{
    internal const string Parameter = "vmid";

    private const int ShownLength = 60;

    /// <exception cref="HomelabException"><c>VmidInvalid</c> (Invalid).</exception>
    internal static VmRef Read(HttpContext http)
    {
        // The server decodes everything in a path but the slash, which would make it another path.
        var text = ((string)http.Request.RouteValues[Parameter]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return VmRef.TryParse(text, provider: null, out var vm)
            ? vm
            : throw new HomelabException(ErrorKind.Invalid, "VmidInvalid", $"'{ForeignText.Clean(text, ShownLength)}' names no guest. Give a VMID (100), a name (dev), or either on a node, percent-encoded (pve1%2F100).");
    }
}
