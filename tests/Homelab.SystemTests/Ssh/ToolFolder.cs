namespace Homelab.SystemTests.Ssh;

/// <summary>A folder that is the whole path of a machine: what is not in it is not installed there.</summary>
internal sealed class ToolFolder : IAsyncDisposable
{
    private const string Busybox = "/bin/busybox";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-tools-");

    internal string Path => _folder.FullName;

    /// <summary>Why there can be none; null when there can.</summary>
    internal static string? WhyNot() => !OperatingSystem.IsLinux() ? "the tools are Linux's" : File.Exists(Busybox) ? null : "busybox is not installed: apt-get install busybox-static";

    /// <summary>All of busybox, as on Alpine and OpenWrt.</summary>
    internal static ToolFolder OfBusybox() => new ToolFolder().WithBusybox("sh", "awk", "cat", "cut", "date", "df", "grep", "head", "hostname", "id", "ls", "ps", "sed", "sleep", "stat", "tail", "tr", "uname", "who");

    /// <summary>A shell that is no busybox, and no <c>stat</c>: what is left then is <c>df</c>.</summary>
    internal static ToolFolder WithoutStat() => new ToolFolder().WithBusybox("cat", "cut", "date", "df", "grep", "head", "ls", "sed", "sleep", "tail", "tr", "uname").With("sh", "/bin/dash");

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private ToolFolder WithBusybox(params string[] applets)
    {
        foreach (var applet in applets) With(applet, Busybox);
        return this;
    }

    private ToolFolder With(string name, string target)
    {
        File.CreateSymbolicLink(System.IO.Path.Combine(_folder.FullName, name), target);
        return this;
    }
}
