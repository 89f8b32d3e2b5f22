using System.Net;
using System.Runtime.ExceptionServices;

namespace Homelab.Providers.Docker;

/// <summary>What goes wrong with an engine, in our words.</summary>
internal static class DockerErrors
{
    /// <summary>The id of the one failure that another way to the engine may mend.</summary>
    internal const string UnreachableId = "DockerUnreachable";

    // An engine's message is foreign text of any length.
    private const int ShownLength = 300;

    internal static HomelabException Unreachable(DockerEndpoint endpoint, string why, Exception? inner) => Make(
        ErrorKind.Unavailable,
        UnreachableId,
        $"Docker on {endpoint.Host} ({endpoint.Address}) cannot be reached: {why}.",
        $"Look whether the engine runs there and hosts.{endpoint.Host}.docker is right.",
        endpoint,
        nothingHappened: true,
        inner);

    /// <summary>Neither the API nor the docker program on the host leads to the engine.</summary>
    internal static HomelabException NoWay(DockerEndpoint endpoint, HomelabException api, HomelabException cli) => Make(
        ErrorKind.Unavailable,
        UnreachableId,
        $"{api.What} Nor does the way over SSH to the docker program there help: {cli.What}",
        cli.WayOut.Length > 0 && cli.WayOut != api.WayOut ? $"{api.WayOut} {cli.WayOut}" : api.WayOut,
        endpoint,
        nothingHappened: api.NothingHappened && cli.NothingHappened,
        cli);

    internal static HomelabException Denied(DockerEndpoint endpoint, string why, string wayOut, Exception? inner) => Make(
        ErrorKind.Denied,
        "DockerDenied",
        $"Docker on {endpoint.Host} ({endpoint.Address}) let us not in: {why}.",
        wayOut,
        endpoint,
        nothingHappened: true,
        inner);

    internal static HomelabException NotTrusted(DockerEndpoint endpoint, string why, string? fingerprint, Exception inner) => Make(
        ErrorKind.Failed,
        "CertificateNotTrusted",
        $"Docker on {endpoint.Host} ({endpoint.Address}) was not trusted: {why}. The certificate's SHA-256 is {fingerprint ?? "not known"}.",
        $"If that is the server you mean, pin it with hosts.{endpoint.Host}.docker.tls.sha256, or name its authority with tls.ca.",
        endpoint,
        nothingHappened: true,
        inner);

    internal static HomelabException Lost(DockerEndpoint endpoint, string call, bool nothingHappened, Exception inner) => Make(
        ErrorKind.Unavailable,
        "DockerConnectionLost",
        $"The connection to Docker on {endpoint.Host} was lost during {call}{(nothingHappened ? "" : "; whether it took effect is not known")}.",
        "Look whether the engine runs.",
        endpoint,
        nothingHappened,
        inner);

    internal static HomelabException TimedOut(DockerEndpoint endpoint, string call, TimeSpan timeout, bool nothingHappened, Exception? inner) => Make(
        ErrorKind.Timeout,
        "DockerTimeout",
        $"Docker on {endpoint.Host} did not answer {call} within {Duration.Format(timeout)}.",
        "Look whether the engine or its disks hang.",
        endpoint,
        nothingHappened,
        inner);

    internal static HomelabException Unreadable(DockerEndpoint endpoint, string call, string what, Exception? inner) => Make(
        ErrorKind.Failed,
        "DockerAnswerUnreadable",
        $"Docker on {endpoint.Host} answered {call} with something that cannot be read: {what}.",
        $"Look whether hosts.{endpoint.Host}.docker leads to a Docker Engine.",
        endpoint,
        nothingHappened: false,
        inner);

    internal static HomelabException ContainerNotFound(DockerEndpoint endpoint, string nameOrId, Exception? inner) => new(
        ErrorKind.NotFound,
        "ContainerNotFound",
        $"There is no container '{nameOrId}' on {endpoint.Host}. Run Get-HlContainer to list them.",
        $"{nameOrId}@{endpoint.Host}",
        inner)
    { NothingHappened = true };

    /// <summary>The engine's own refusal or failure.</summary>
    internal static HomelabException Answered(DockerEndpoint endpoint, string call, HttpStatusCode status, string message)
    {
        message = Shown(message);
        var said = message.Length == 0 ? $"HTTP {(int)status}" : message.TrimEnd('.');
        return status switch
        {
            HttpStatusCode.NotFound => Said(ErrorKind.NotFound, "DockerNotFound", $"Docker on {endpoint.Host} knows no such thing: {said}.", rejected: true),
            HttpStatusCode.Conflict => Said(ErrorKind.Conflict, "DockerConflict", $"Docker on {endpoint.Host} refused {call}: {said}.", rejected: true),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Said(ErrorKind.Denied, "DockerDenied", $"Docker on {endpoint.Host}, or a proxy before it, forbids {call}: {said}.", rejected: true),
            >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => Said(ErrorKind.Invalid, "DockerRefused", $"Docker on {endpoint.Host} refused {call}: {said}.", rejected: true),
            // The engine says 500 also when it did half of what was asked.
            >= HttpStatusCode.InternalServerError => Said(ErrorKind.Failed, "DockerFailed", $"Docker on {endpoint.Host} failed at {call}: {said}.", rejected: false),
            _ => Unreadable(endpoint, call, $"HTTP {(int)status}", inner: null),
        };

        HomelabException Said(ErrorKind kind, string id, string text, bool rejected) => new(kind, id, text, endpoint.Host) { NothingHappened = rejected };
    }

    internal static HomelabException VersionUnsupported(DockerEndpoint endpoint, string said, string way) => Make(
        ErrorKind.Failed,
        "DockerVersionUnsupported",
        $"Docker on {endpoint.Host} speaks {said}; we speak API {DockerVersion.Oldest} to {DockerVersion.Newest}.",
        way,
        endpoint,
        nothingHappened: true,
        inner: null);

    /// <summary>One failure for those of several engines.</summary>
    internal static HomelabException Several(IReadOnlyCollection<HomelabException> failures) => new(
        ErrorKind.Unavailable,
        UnreachableId,
        string.Join(" ", failures.OrderBy(static f => f.Target, StringComparer.Ordinal).Select(static f => f.Message)),
        target: null,
        failures.First())
    { NothingHappened = failures.All(static f => f.NothingHappened) };

    private static HomelabException Make(ErrorKind kind, string id, string what, string wayOut, DockerEndpoint endpoint, bool nothingHappened, Exception? inner) =>
        new(kind, id, $"{what} {wayOut}", endpoint.Host, inner) { WayOut = wayOut, NothingHappened = nothingHappened };

    internal static string Shown(string text) => ForeignText.Clean(text, ShownLength);

    /// <summary>Throws the very same exception, with its own trace.</summary>
    internal static Exception Rethrow(Exception e)
    {
        ExceptionDispatchInfo.Throw(e);
        return e;
    }
}
