namespace Homelab.Providers.Ssh;

/// <summary>The start of the machine that this program runs on, as <see cref="SystemReader.BootMark"/> writes those of hosts.</summary>
internal static class OwnBoot
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string First = "/proc/1/stat";

    /// <summary>Null where it cannot be told: on other systems than Linux.</summary>
    internal static string? Mark { get; } = Read();

    private static string? Read()
    {
        if (!File.Exists(BootId) || !File.Exists(First)) return null;
        return ProcessLine.Read(File.ReadAllText(First)) is { } first ? $"{File.ReadAllText(BootId).Trim()} {first.Start}" : null;
    }
}
