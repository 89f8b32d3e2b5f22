using Homelab.Lab.Docker;

namespace Homelab.Host.Rehearsals;

/// <summary>What runs short on machines, and how it is seen that it does no more.</summary>
internal static class HostScenes
{
    /// <summary>A log that nobody cuts: most of what is on the disk.</summary>
    internal const long LargeLog = 42 * Gibi;

    private const long Gibi = 1L << 30;
    private const double Pressure = 0.9;
    private const string Volume = "gitea-data";
    private const string Spare = "spare:1";

    /// <summary>What may be done about a full disk: what is left over is cleared once, and each log of the machine is cut once.</summary>
    internal static IReadOnlyDictionary<string, int> MayClear { get; } =
        new Dictionary<string, int>(StringComparer.Ordinal) { ["POST /images/prune"] = 1, ["POST /build/prune"] = 1, ["dev: truncate *"] = 4 };

    /// <summary>An alert that a machine's disk runs short.</summary>
    internal static RehearsalAlert Disk(string subject) => new(AlertStatus.Pressure, subject) { Source = "alertmanager", Resource = "disk" };

    /// <summary>A disk that is full of what may go, and of what may not: clearing images alone does not help.</summary>
    internal static void FillDisk(RehearsalStage stage)
    {
        var engine = stage.Homelab.Engines["dev"];
        engine.Add(new SimulatedImage { Build = "old", Size = 2 * Gibi });
        engine.Add(new SimulatedImage { Tag = Spare, Size = 2 * Gibi });
        engine.Add(new SimulatedCache("build", Gibi, InUse: false));
        engine.Add(new SimulatedVolume(Volume, 6 * Gibi, Users: 0));
        stage.Homelab.ContainerOf("gitea").FillLog(LargeLog);
    }

    /// <summary>There is room again, and nothing went that may not.</summary>
    internal static bool HasDisk(RehearsalStage stage)
    {
        var engine = stage.Homelab.Engines["dev"];
        return stage.Homelab.Hosts["dev"].FullnessOf("/") < Pressure && engine.Volumes is [{ Name: Volume }] && engine.Images is [{ Tag: Spare }] && engine.Containers.All(static c => c.Running);
    }

    /// <summary>A container that does not start on a disk that is full: making it anew would not help.</summary>
    internal static void CrashOnFullDisk(RehearsalStage stage)
    {
        var root = stage.Homelab.Hosts["dev"].FileSystem("/");
        root.Used = root.Size;
        Scenarios.CrashForGood(stage.Homelab.ContainerOf("gitea"));
    }

    /// <summary>A container that takes its machine's memory, and knows no limit.</summary>
    internal static void FillMemory(RehearsalStage stage) => Hungry(stage).Leak(stage.Homelab.Hosts["ai"].Spec.Memory);

    /// <summary>It takes it again after each start.</summary>
    internal static void LeakAgain(RehearsalStage stage) => Hungry(stage).Leak(stage.Homelab.Hosts["ai"].Spec.Memory, again: true);

    /// <summary>The machine has memory again.</summary>
    internal static bool HasMemory(RehearsalStage stage) => Hungry(stage).Running && stage.Homelab.Hosts["ai"].MemoryUsed < stage.Homelab.Hosts["ai"].Spec.Memory * Pressure;

    private static SimulatedContainer Hungry(RehearsalStage stage) => stage.Homelab.ContainerOf("open-webui");
}
