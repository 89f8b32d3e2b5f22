namespace Homelab.PowerShell.Formatting;

/// <content>Firewalls and storage servers.</content>
public static partial class Row
{
    /// <summary>What a firewall warns of, in one line.</summary>
    public static string Notices(FirewallStatus firewall)
    {
        ArgumentNullException.ThrowIfNull(firewall);
        return firewall.Notices.Count > 0 ? Cell.List(firewall.Notices.Select(static n => n.ToString())) : Tint.Quiet("nothing to tell");
    }

    /// <summary>What a firewall warns of, each on a line.</summary>
    public static string NoticeLines(FirewallStatus firewall)
    {
        ArgumentNullException.ThrowIfNull(firewall);
        return Cell.Lines(firewall.Notices.Select(static n => n.ToString()));
    }

    /// <summary>The pools of a storage server, each with what it uses, in the colour of its state.</summary>
    public static string Pools(NasStatus nas)
    {
        ArgumentNullException.ThrowIfNull(nas);
        return string.Join(", ", nas.Pools.Select(static p => Tint.Of(p.State, Cell.Text($"{p.Name} {HomelabNames.Of(p.State)}{(p.UsedFraction is { } used ? " " + Cell.Share(used) : "")}"))));
    }

    /// <summary>What is to be known of a dataset besides its space.</summary>
    public static string Marks(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        string?[] marks = [dataset.Kind == DatasetKind.Volume ? "volume" : null, dataset.Locked ? "locked" : dataset.Encrypted ? "encrypted" : null, dataset.ReadOnly ? "read only" : null, dataset.Children > 0 ? $"{dataset.Children} below" : null];
        var text = Cell.List(marks.OfType<string>());
        return dataset.Locked ? Tint.Warn(text) : text;
    }
}
