using System.Net.Sockets;
using Npgsql;

namespace Homelab.State;

/// <summary>Says in the house's errors what PostgreSQL's mean for a state.</summary>
internal static class PostgresFault
{
    internal static HomelabException Of(string name, Exception cause) => cause switch
    {
        PostgresException e => Of(name, e),
        NpgsqlException { InnerException: TimeoutException } => Unreachable(name, "it did not answer in time", cause),
        NpgsqlException { InnerException: SocketException socket } => Unreachable(name, socket.SocketErrorCode.ToString(), cause),
        SocketException socket => Unreachable(name, socket.SocketErrorCode.ToString(), cause),
        _ => Unreachable(name, cause.InnerException?.Message ?? cause.Message, cause),
    };

    internal static HomelabException Unreadable(string name, string why) => new(
        ErrorKind.Failed,
        "StateUnreadable",
        $"State database {name} cannot be read: {why}. Check server.database and the rights of its user, or restore it from a backup.",
        name);

    private static HomelabException Of(string name, PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => new HomelabException(
            ErrorKind.Unavailable,
            "StateBusy",
            $"State database {name} is locked by another process ({e.MessageText}). Try again, or find out who holds it.",
            name),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName => Unreadable(name, e.MessageText),
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction => Unwritable(name, e),
        // 53: out of disk, memory or connections; 58: the server's own disk.
        ['5', '3' or '8', ..] => Unwritable(name, e),
        // 57P: shut down, starting or recovering; 08: the connection; 25P03: we were frozen in the middle, and the server has given us up.
        ['5', '7', 'P', ..] or ['0', '8', ..] or "25P03" => Unreachable(name, e.MessageText, e),
        ['2', '3', ..] => new HomelabException(ErrorKind.Conflict, "StateConflict", $"State database {name} refuses what contradicts it: {e.MessageText}. Read it anew, then decide.", name),
        _ => new HomelabException(ErrorKind.Failed, "StateFailed", $"State database {name} failed with PostgreSQL error {e.SqlState} ({e.MessageText}).", name),
    };

    private static HomelabException Unwritable(string name, PostgresException e) => new(
        ErrorKind.Unavailable,
        "StateUnwritable",
        $"State database {name} cannot be written ({e.MessageText}). Check its disk, its rights and its limits; nothing of this was kept.",
        name);

    private static HomelabException Unreachable(string name, string why, Exception cause) => new(
        ErrorKind.Unavailable,
        "StateUnreachable",
        $"State database {name} cannot be reached ({why}). Look whether it runs and can be reached from here; what was being written may have been kept or not.",
        name,
        cause);
}
