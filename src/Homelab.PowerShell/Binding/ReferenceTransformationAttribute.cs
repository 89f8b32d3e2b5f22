using System.Globalization;
using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>
/// Takes references from objects that are no models of ours, such as rows of a CSV file or answers of another module: what has a name and a host
/// names a thing on that host, what has a VMID a guest, what has a UPID a task, what has a volume id a backup. What belongs to a guest, such as its snapshot, names the guest. Texts and the models
/// themselves are left to the reference's own constructors.
/// </summary>
internal sealed class ReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // That nothing is given PowerShell says best.
        if (inputData is null) return null!;
        // PowerShell's own words for a list would be "specified method is not supported".
        if (Argument.Unwrap(inputData) is object[] { Length: > 1 } several) throw new ArgumentTransformationMetadataException($"{several.Length} things are given where one is taken. Pipe them: '{several[0]}', '{several[1]}' | ...");
        if (inputData is PSObject { BaseObject: PSCustomObject } row) return Named(row) ?? inputData;
        // A snapshot, a configuration, a metric says itself whose it is.
        var given = Argument.Unwrap(inputData);
        return given.GetType() is { Namespace: "Homelab" } model && model.GetProperty("Vm")?.GetValue(given) is VmRef vm ? vm : inputData;
    }

    private static string? Named(PSObject row)
    {
        var name = TextOf(row, "Name");
        if (name is not null && TextOf(row, "Host") is { } host) return $"{name}@{host}";
        if (TextOf(row, "Vm") is { } whose) return whose;
        // The rows of tasks and backups have a node too, and are no guests.
        if (TextOf(row, "Upid") is { } task) return task;
        var node = TextOf(row, "Node") is { } of ? of + "/" : "";
        if (TextOf(row, "VolumeId") is { } backup) return node + backup;
        if ((TextOf(row, "VmId") ?? TextOf(row, "Id")) is { } id && VmRef.TryParse(node + id, CultureInfo.InvariantCulture, out var guest) && guest.Id is not null)
        {
            // With its name, so that a VMID that was given to another guest since is noticed.
            var full = $"{guest} ({name})";
            return VmRef.TryParse(full, CultureInfo.InvariantCulture, out _) ? full : guest.ToString();
        }

        return name is not null && node.Length > 0 ? node + name : null;
    }

    private static string? TextOf(PSObject row, string property) => row.Properties[property]?.Value is { } value
        ? Argument.Unwrap(value) switch
        {
            string { Length: > 0 } text => text,
            int number => number.ToString(CultureInfo.InvariantCulture),
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        }
        : null;
}
