using SQLitePCL;

namespace Homelab.State;

/// <summary>Says in the house's errors what SQLite's result codes mean for a state file.</summary>
internal static class SqliteFault
{
    internal static HomelabException Of(string path, int code, string detail) => (code & 0xff) switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Busy(path, detail),
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_FORMAT => Unreadable(path, $"it is not a database, or it is damaged ({detail})"),
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => Unreadable(path, $"it cannot be opened ({detail})"),
        raw.SQLITE_CONSTRAINT => new HomelabException(ErrorKind.Conflict, "StateConflict", $"State file {path} refuses what contradicts it: {detail}. Read it anew, then decide.", path),
        raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY => new HomelabException(
            ErrorKind.Unavailable,
            "StateUnwritable",
            $"State file {path} cannot be written ({detail}). Check free space, rights and the disk; nothing of this was kept.",
            path),
        _ => new HomelabException(ErrorKind.Failed, "StateFailed", $"State file {path} failed with SQLite error {code} ({detail}).", path),
    };

    internal static HomelabException Busy(string path, string detail) => new(
        ErrorKind.Unavailable,
        "StateBusy",
        $"State file {path} is locked by another process ({detail}). Try again, or find out who holds it.",
        path);

    internal static HomelabException Unreadable(string path, string why) => new(
        ErrorKind.Failed,
        "StateUnreadable",
        $"State file {path} cannot be read: {why}. Name another file, or restore it from a backup.",
        path);
}
