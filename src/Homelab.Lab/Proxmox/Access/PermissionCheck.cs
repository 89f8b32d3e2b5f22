using System.Text.RegularExpressions;

namespace Homelab.Lab.Proxmox;

/// <summary>Holds a caller against a route's permission, before any parameter is verified, as the real one does.</summary>
internal static partial class PermissionCheck
{
    internal static void Demand(SimulatedAccess access, SimulatedRights? permission, string? user, IReadOnlyDictionary<string, IReadOnlyList<string>> values)
    {
        if (user is null && permission is { Kind: "user", Subject: "world" }) return;
        if (user is null) throw ProxmoxRefusedException.Forbidden("user != null");
        if (user == SimulatedAccess.Root) return;
        if (permission is null) throw ProxmoxRefusedException.Forbidden("user != root@pam");
        if (Refusal(access, permission, user, values) is { } refusal) throw ProxmoxRefusedException.Forbidden(refusal);
    }

    private static string? Refusal(SimulatedAccess access, SimulatedRights permission, string user, IReadOnlyDictionary<string, IReadOnlyList<string>> values)
    {
        switch (permission.Kind)
        {
            case "user":
                return null;
            case "and":
                return permission.Parts.Select(p => Refusal(access, p, user, values)).FirstOrDefault(static r => r is not null);
            case "or":
                var refusals = permission.Parts.Select(p => Refusal(access, p, user, values)).ToArray();
                return refusals.Contains(null) ? null : refusals[^1];
            case "userid-param" when permission.Subject is "self":
                return Value(values, "userid") == user ? null : "userid-param, self";
            case "userid-param":
                var realm = Value(values, "userid")?.Split('@')[^1] ?? "";
                return Missing(access, user, "/access/realm/" + realm, [permission.Subject], any: false);
            case "userid-group":
                return access.GroupsOf(Value(values, "userid") ?? "").Any(g => Missing(access, user, "/access/groups/" + g, permission.Privileges, any: true) is null)
                    ? null
                    : Missing(access, user, "/access/groups", permission.Privileges, any: true);
            case "perm-modify":
                return RefusalToModify(access, user, Filled(permission.Subject, values));
            default:
                if (permission.RequiredParameter is { } needed && !values.ContainsKey(needed)) return null;
                return Missing(access, user, Filled(permission.Subject, values), permission.Privileges, permission.Any);
        }
    }

    private static string? RefusalToModify(SimulatedAccess access, string user, string path)
    {
        if (access.May(user, path, "Permissions.Modify")) return null;
        var instead = path.StartsWith("/storage", StringComparison.Ordinal) ? "Datastore.Allocate"
            : path.StartsWith("/vms", StringComparison.Ordinal) ? "VM.Allocate"
            : path.StartsWith("/pool", StringComparison.Ordinal) ? "Pool.Allocate"
            : null;
        return instead is not null && access.May(user, path, instead) ? null : $"{path}, Permissions.Modify";
    }

    private static string? Missing(SimulatedAccess access, string user, string path, IReadOnlyList<string> privileges, bool any)
    {
        // A path that cannot be one is shown as nothing, and nobody has rights there.
        if (!PathPattern().IsMatch(path)) return $", {privileges[0]}";
        if (any) return privileges.Any(p => access.May(user, path, p)) ? null : $"{path}, {string.Join('|', privileges)}";
        return privileges.FirstOrDefault(p => !access.May(user, path, p)) is { } lacking ? $"{path}, {lacking}" : null;
    }

    private static string Filled(string template, IReadOnlyDictionary<string, IReadOnlyList<string>> values) =>
        VariablePattern().Replace(template, m => Value(values, m.Groups["name"].Value) ?? "");

    private static string? Value(IReadOnlyDictionary<string, IReadOnlyList<string>> values, string name) => values.TryGetValue(name, out var found) && found.Count > 0 ? found[0] : null;

    [GeneratedRegex(@"^[A-Za-z0-9.\-_/]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\{(?<name>[\w-]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariablePattern();
}
