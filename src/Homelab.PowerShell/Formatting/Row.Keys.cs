namespace Homelab.PowerShell.Formatting;

/// <content>Keys of hosts and accounts.</content>
public static partial class Row
{
    /// <summary>Where it is written that this is the host's key: a line of a file, or the lab file itself.</summary>
    public static string Place(HostKeyRecord key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.IsPinned ? "the lab file" : Cell.Text($"{Path.GetFileName(key.KnownHosts)}:{key.Line}");
    }

    /// <summary>Whether it was installed now, or was there.</summary>
    public static string New(AuthorizedKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Added ? "yes" : "no";
    }
}
