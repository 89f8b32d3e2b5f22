using System.Text.RegularExpressions;

namespace Homelab.Providers.Proxmox;

/// <content>What Proxmox itself answers. Almost everything is a 500, so its words must tell what it means.</content>
internal static partial class ProxmoxErrors
{
    // An array of objections to a hundred parameters helps nobody.
    private const int FieldsLength = 1_000;

    // The first that is found counts. Certain: what it says was looked at before anything was done.
    private static readonly (string Fragment, ErrorKind Kind, bool Certain)[] s_meanings =
    [
        ("only root can ", ErrorKind.Denied, true),
        ("checksum mismatch", ErrorKind.Conflict, true),
        ("detected modified configuration", ErrorKind.Conflict, true),
        ("is locked", ErrorKind.Conflict, true),
        ("can't lock ", ErrorKind.Conflict, true),
        ("is running", ErrorKind.Conflict, true),
        ("already running", ErrorKind.Conflict, true),
        ("not running", ErrorKind.Conflict, true),
        ("protection mode enabled", ErrorKind.Conflict, true),
        ("already exists on node", ErrorKind.Conflict, true),
        ("config file already exists", ErrorKind.Conflict, true),
        ("already exists", ErrorKind.Conflict, false),
        ("already defined", ErrorKind.Conflict, true),
        ("no quorum", ErrorKind.Conflict, true),
        ("No QEMU guest agent configured", ErrorKind.Conflict, true),
        // A name that is no node of the cluster is looked up as that of any machine.
        ("hostname lookup ", ErrorKind.NotFound, true),
        ("Configuration file '", ErrorKind.NotFound, true),
        ("no such file '/api", ErrorKind.Failed, true),
        ("no such ", ErrorKind.NotFound, true),
        ("no rule at position", ErrorKind.NotFound, true),
        ("does not exist", ErrorKind.NotFound, false),
    ];

    /// <summary>Proxmox's own refusal or failure.</summary>
    internal static HomelabException Answered(string cluster, ProxmoxRequest request, ProxmoxAnswer answer, ProxmoxCredential credential)
    {
        var refused = new Refused(cluster, request, answer);
        return answer.Status switch
        {
            400 => Objected(refused),
            401 => NotLetIn(refused, credential),
            403 => Forbidden(refused, credential),
            424 => refused.As(ErrorKind.Conflict, "ProxmoxConflict", $"refused {request}", "Look at the state of the cluster.", nothingHappened: true),
            501 => refused.As(ErrorKind.Failed, "ProxmoxUnsupported", $"does not know {request}", "It may be older or newer than what this was written for, Proxmox VE 8.4 to 9.1; pveversion tells.", nothingHappened: true),
            // To a connection that was never made nothing was given; 596 is also an answer that did not come.
            595 or 596 => refused.As(ErrorKind.Unavailable, "ProxmoxNodeUnreachable", $"cannot reach its node {Shown(request.Node ?? "(not named)")} for {request}", "Look whether that node runs and has joined the cluster.", nothingHappened: answer.Status == 595),
            502 or 503 or 504 => refused.As(ErrorKind.Unavailable, UnreachableId, $"is not reached by the proxy that answered {request} for it", "Look whether the node and its service pveproxy run.", nothingHappened: false),
            >= 500 => Failed(refused),
            _ => Unreadable(cluster, request, $"HTTP {answer.Status} {Shown(answer.Reason)}", inner: null, nothingHappened: answer.Status >= 400),
        };
    }

    private static ProxmoxRefusal Objected(Refused refused)
    {
        var objections = refused.Fields.Count == 0 ? refused.Said : string.Join("; ", refused.Fields.Select(static f => $"{f.Key}: {f.Value.TrimEnd('.')}"));
        return refused.As(ErrorKind.Invalid, "ProxmoxInvalid", $"refused {refused.Request}", "Give what it takes.", nothingHappened: true, ForeignText.Cut(objections, FieldsLength));
    }

    private static ProxmoxRefusal NotLetIn(Refused refused, ProxmoxCredential credential)
    {
        var wayOut = credential is ProxmoxLogin
            ? "It was logged in anew and refused again: look at providers.proxmox.login."
            : refused.Said == "No ticket"
                ? $"It saw no token at all: look whether a proxy before it drops the Authorization header, and at {credential.Setting}."
                : $"The token is unknown, expired or revoked, or its secret is another: Test-HlProxmoxToken looks at it, {credential.Setting} names it, Proxmox lists it at Datacenter, Permissions, API Tokens.";
        return refused.As(ErrorKind.Denied, "ProxmoxLoginRefused", $"does not let {credential.User ?? "us"} in", wayOut, nothingHappened: true);
    }

    private static ProxmoxRefusal Forbidden(Refused refused, ProxmoxCredential credential)
    {
        var who = credential.User ?? "us";
        if (PermissionPattern().Match(refused.Said) is not { Success: true } match)
        {
            var wayOut = refused.Said.Contains("not available with API token", StringComparison.Ordinal)
                ? "No token may do this: it takes providers.proxmox.login."
                : "Test-HlProxmoxToken shows what may be done.";
            return refused.As(ErrorKind.Denied, "ProxmoxDenied", $"forbids {refused.Request} to {who}", wayOut, nothingHappened: true);
        }

        var privilege = match.Groups["privilege"].Value;
        var path = match.Groups["path"].Value is { Length: > 0 } where ? where : null;
        var lacks = privilege.Contains('|', StringComparison.Ordinal) ? $"one of {privilege.Replace("|", ", ", StringComparison.Ordinal)}" : privilege;
        return refused.As(
            ErrorKind.Denied,
            "ProxmoxDenied",
            $"forbids {refused.Request} to {who}",
            "New-HlProxmoxTokenScript prints the lines that grant it; a token with privilege separation needs it beside its user.",
            nothingHappened: true,
            $"{lacks} is missing{(path is null ? "" : $" on {path}")}",
            privilege,
            path);
    }

    private static ProxmoxRefusal Failed(Refused refused)
    {
        var (fragment, kind, certain) = s_meanings.FirstOrDefault(m => refused.Said.Contains(m.Fragment, StringComparison.OrdinalIgnoreCase));
        return (fragment is null ? ErrorKind.Failed : kind) switch
        {
            ErrorKind.NotFound => refused.As(ErrorKind.NotFound, "ProxmoxNotFound", $"knows nothing such for {refused.Request}", "Look at what there is: Get-HlVm, Get-HlNode, Get-HlStorage.", certain),
            ErrorKind.Conflict => refused.As(ErrorKind.Conflict, "ProxmoxConflict", $"refused {refused.Request}", "Look at its state, and what else is being done there: Get-HlTask.", certain),
            ErrorKind.Denied => refused.As(ErrorKind.Denied, "ProxmoxDenied", $"forbids {refused.Request}", "Only root@pam itself may do this, no token of it.", certain),
            _ => refused.As(ErrorKind.Failed, "ProxmoxFailed", $"failed at {refused.Request}", "Its journal and its tasks say more: Get-HlTask.", certain),
        };
    }

    [GeneratedRegex(@"^Permission check failed \((?<path>[^,]*), (?<privilege>[A-Za-z][A-Za-z.|]*)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PermissionPattern();

    // What was asked of whom, and what came back.
    private sealed class Refused(string cluster, ProxmoxRequest request, ProxmoxAnswer answer)
    {
        internal ProxmoxRequest Request => request;

        internal string Said { get; } = ProxmoxErrors.Said(answer);

        internal Dictionary<string, string> Fields { get; } = ProxmoxEnvelope.Refusal(answer.Body).Fields
            .Select(static f => (Field: Shown(f.Field), Text: Shown(f.Text)))
            .DistinctBy(static f => f.Field, StringComparer.Ordinal)
            .ToDictionary(static f => f.Field, static f => f.Text, StringComparer.Ordinal);

        internal ProxmoxRefusal As(ErrorKind kind, string id, string does, string wayOut, bool nothingHappened, string? because = null, string? privilege = null, string? path = null) =>
            new(kind, id, $"Proxmox at {cluster} {does}: {because ?? Said}. {wayOut}", cluster)
            {
                WayOut = wayOut,
                NothingHappened = nothingHappened || request.IsRead,
                Status = answer.Status,
                Said = Said,
                Fields = Fields,
                Privilege = privilege,
                Path = path,
            };
    }
}
