using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>What guests are made of and use.</content>
public static partial class Row
{
    /// <summary>The processors a guest may use: <c>2 x 4 cores</c>.</summary>
    public static string Processors(VmConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var cores = config.Cores is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "core" : "cores")}") : "all cores";
        var all = config.Sockets is { } sockets and > 1 ? string.Create(CultureInfo.InvariantCulture, $"{sockets} x {cores}") : cores;
        return config.CpuLimit is { } limit ? string.Create(CultureInfo.InvariantCulture, $"{all}, at most {limit:0.##}") : all;
    }

    /// <summary>The disks of a guest: <c>scsi0 32 GiB</c>.</summary>
    public static string Disks(VmConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Cell.List(config.Disks.Where(static d => !d.Cdrom).Select(static d => d.Size is { } size ? $"{d.Disk} {ByteSize.Format(size)}" : d.Disk));
    }

    /// <summary>The network of a guest: <c>net0 vmbr0.12</c>.</summary>
    public static string Networks(VmConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Cell.List(config.Networks.Select(static n => $"{n.Interface} {n.Bridge}{(n.Tag is { } tag ? string.Create(CultureInfo.InvariantCulture, $".{tag}") : "")}".TrimEnd()));
    }

    /// <summary>What waits for a guest's next start.</summary>
    public static string Pending(VmConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Pending.Count == 0 ? "" : Tint.Warn(Cell.List(config.Pending.Select(static p => p.ToString())));
    }

    /// <summary>Where a disk's volume is: <c>local-lvm:vm-100-disk-0</c>.</summary>
    public static string Volume(VmDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return Cell.Text(disk.Storage.Length == 0 ? disk.Volume : $"{disk.Storage}:{disk.Volume}");
    }


    /// <summary>What went through the network: received and sent, a second.</summary>
    public static string Network(VmMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Rates(metric.NetworkIn, metric.NetworkOut);
    }

    /// <summary>What went to and from the disks: read and written, a second.</summary>
    public static string Disk(VmMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Rates(metric.DiskRead, metric.DiskWrite);
    }

    private static string Rates(double? first, double? second) =>
        first is null && second is null ? "" : $"{Amount((long?)first)}/s, {Amount((long?)second)}/s";

    private static string Amount(long? bytes) => bytes is { } known ? ByteSize.Format(known) : "";
}
