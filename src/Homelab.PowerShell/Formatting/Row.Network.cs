namespace Homelab.PowerShell.Formatting;

/// <content>Columns of the network's views.</content>
public static partial class Row
{
    /// <summary>A place on the map, with the lines that lead to it.</summary>
    public static string Drawn(NetworkMapEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        // What draws the tree is ours; what is named in it is not.
        return Tint.Quiet(entry.Lines) + (entry.Kind is NetworkMapKind.Host ? Cell.Text(entry.Name) : Tint.Quiet(Cell.Text(entry.Name)));
    }

    /// <summary>The records of an answer, each on a line of its own.</summary>
    public static string Records(DnsReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return Cell.Lines(reading.Records.Select(static r => r.ToString()));
    }

    /// <summary>The certificates that a server's own leads to, each on a line of its own.</summary>
    public static string Chain(CertificateReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return Cell.Lines(reading.Chain.Select(static l => l.ToString()));
    }
}
