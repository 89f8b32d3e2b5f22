using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What is known of the real Proxmox VE: recordings and its own description, in the shared folder beside the checkout.</summary>
internal static class VendorFiles
{
    /// <summary>Why a test is skipped where there is no such folder.</summary>
    internal const string Absent = "The recordings of a real Proxmox VE are not beside this checkout.";

    /// <summary>The folder, or null.</summary>
    internal static string? Folder { get; } = Repository.Shared is { } shared && Directory.Exists(Path.Combine(shared, "pve")) ? Path.Combine(shared, "pve") : null;

    /// <summary>The recordings' names, such as <c>05-qemu-lifecycle</c>; none where there is no folder.</summary>
    internal static IReadOnlyList<string> Recordings { get; } = Folder is null
        ? []
        : [.. Directory.EnumerateFiles(Path.Combine(Folder, "samples"), "*.txt").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>A recording.</summary>
    internal static IReadOnlyList<RecordedExchange> Read(string name) => RecordedExchange.ReadAll(name, File.ReadAllText(Path.Combine(Folder!, "samples", name + ".txt")));
}
