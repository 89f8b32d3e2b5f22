using System.Runtime.ExceptionServices;

namespace Homelab.Providers.Proxmox;

/// <summary>What goes wrong with Proxmox, in our words.</summary>
internal static partial class ProxmoxErrors
{
    // What Proxmox says is foreign text of any length.
    private const int ShownLength = 300;

    private const string UnreachableId = "ProxmoxUnreachable";
    private const string NotTrustedId = "CertificateNotTrusted";
    private const string LostId = "ProxmoxConnectionLost";

    internal static HomelabException Unreachable(ProxmoxAddress address, string why, Exception? inner) => Make(
        ErrorKind.Unavailable,
        UnreachableId,
        $"Proxmox at {address} cannot be reached: {why}.",
        $"Look whether the node runs and {address.Setting} is right{(address.Port == 8006 ? "" : "; Proxmox listens on port 8006")}.",
        address.ToString(),
        nothingHappened: true,
        inner);

    internal static HomelabException NotTrusted(ProxmoxAddress address, TlsVerdict verdict, Exception inner)
    {
        // As Proxmox shows it.
        var fingerprint = verdict.Sha256 is { } hex ? string.Join(':', hex.Chunk(2).Select(static c => new string(c))) : null;
        var authority = $"name the cluster's authority, a copy of its /etc/pve/pve-root-ca.pem, with {address.TlsSetting}.ca";
        return Make(
            ErrorKind.Failed,
            NotTrustedId,
            $"Proxmox at {address} was not trusted: {verdict.Reason}.{(fingerprint is null ? "" : $" The certificate's SHA-256 is {fingerprint}.")}",
            fingerprint is null
                ? $"Look whether {address.Setting} is right, or {authority}."
                : $"Compare it with what Proxmox shows (Datacenter, the node, System, Certificates). If it is the same, write {address.TlsSetting}.sha256: \"{fingerprint}\" into the lab file; or {authority}.",
            address.ToString(),
            nothingHappened: true,
            inner);
    }

    internal static HomelabException Lost(ProxmoxAddress address, ProxmoxRequest request, bool nothingHappened, Exception inner) => Make(
        ErrorKind.Unavailable,
        LostId,
        $"The connection to Proxmox at {address} was lost during {request}{(nothingHappened ? "" : "; whether it took effect is not known")}.",
        "Look whether the node runs.",
        address.ToString(),
        nothingHappened,
        inner);

    internal static HomelabException TimedOut(ProxmoxAddress address, ProxmoxRequest request, bool nothingHappened, Exception? inner) => Make(
        ErrorKind.Timeout,
        "ProxmoxTimeout",
        $"Proxmox at {address} did not answer {request} within {Duration.Format(request.Timeout)}{(nothingHappened ? "" : "; whether it took effect is not known")}.",
        "Look whether the node or its storage hangs.",
        address.ToString(),
        nothingHappened,
        inner);

    internal static HomelabException Unreadable(string server, ProxmoxRequest request, string what, Exception? inner, bool nothingHappened = false) => Make(
        ErrorKind.Failed,
        "ProxmoxAnswerUnreadable",
        $"What Proxmox at {server} answered to {request} cannot be read: {what}.",
        "Is providers.proxmox.url the address of Proxmox's API?",
        server,
        nothingHappened || request.IsRead,
        inner);

    internal static HomelabException LoginRefused(string cluster, string what, ProxmoxAnswer answer, string wayOut) => Make(
        ErrorKind.Denied,
        "ProxmoxLoginRefused",
        $"Proxmox at {cluster} refused {what}: {Said(answer)}.",
        wayOut,
        cluster,
        nothingHappened: true,
        inner: null);

    internal static HomelabException SecondFactorNeeded(string cluster, string user) => Make(
        ErrorKind.Denied,
        "ProxmoxSecondFactorNeeded",
        $"Proxmox at {cluster} wants a second factor of {user}.",
        "Use an API token, which needs none (Datacenter, Permissions, API Tokens), or give the key of its one-time codes in providers.proxmox.login.totp.",
        cluster,
        nothingHappened: true,
        inner: null);

    /// <summary>One failure for those of several nodes.</summary>
    internal static HomelabException Several(IReadOnlyList<HomelabException> failures)
    {
        // A certificate that changed is worth a person's eye more than a node that is down.
        var first = failures.FirstOrDefault(static f => f.Id == NotTrustedId) ?? failures[^1];
        var messages = failures.Select(static f => f.Message).Distinct(StringComparer.Ordinal).ToArray();
        return messages.Length == 1
            ? first
            : new HomelabException(first.Kind, first.Id, string.Join(' ', messages), first.Target, first) { NothingHappened = failures.All(static f => f.NothingHappened) };
    }

    /// <summary>True when no connection came about, so that nothing can have been sent.</summary>
    internal static bool IsUnreached(Exception e) => e is HomelabException { Id: UnreachableId or NotTrustedId };

    internal static bool IsLost(HomelabException e) => e.Id == LostId;

    private static HomelabException Make(ErrorKind kind, string id, string what, string wayOut, string target, bool nothingHappened, Exception? inner) =>
        new(kind, id, $"{what} {wayOut}", target, inner) { WayOut = wayOut, NothingHappened = nothingHappened };

    /// <summary>What an answer says, one line: its message, else its reason phrase, else its status.</summary>
    internal static string Said(ProxmoxAnswer answer)
    {
        var message = Shown(ProxmoxEnvelope.Refusal(answer.Body).Message);
        if (message.Length == 0) message = Shown(answer.Reason);
        return message.Length == 0 ? $"HTTP {answer.Status}" : message.TrimEnd('.');
    }

    internal static string Shown(string text) => ForeignText.Clean(text, ShownLength);

    /// <summary>Throws the very same exception, with its own trace.</summary>
    internal static Exception Rethrow(Exception e)
    {
        ExceptionDispatchInfo.Throw(e);
        return e;
    }
}
