using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>
/// The file of a container's log on its host: the engine has no way to cut it. On this machine's own disk where the engine is this machine's and we may write there; else over SSH.
/// </summary>
/// <remarks>Over SSH: <c>stat -c %s</c> and <c>truncate -s 0</c>, through <c>sudo -n</c> where the host's <c>ssh.sudo</c> says so.</remarks>
internal abstract class ContainerLogFile(ContainerDetail container, string path)
{
    private const string Driver = "json-file";

    /// <summary>Where it is, on its host.</summary>
    internal string Path { get; } = path;

    protected ContainerDetail Container { get; } = container;

    /// <summary>How large it is, in bytes.</summary>
    internal abstract Task<long> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>Cuts it to nothing. Its engine appends to it, and goes on at its new end.</summary>
    internal abstract Task CutAsync(CancellationToken cancellationToken);

    /// <exception cref="HomelabException">
    /// <c>ContainerLogUnsupported</c> (Conflict): another driver keeps it; <c>ContainerLogMisplaced</c> (Failed): the engine names a file where none of its logs is;
    /// <c>ContainerLogUnreachable</c> (Denied): no way leads to the file.
    /// </exception>
    internal static async Task<ContainerLogFile> FindAsync(DockerClient engine, ContainerDetail container, IRemoteHosts remote, CancellationToken cancellationToken)
    {
        var path = PathOf(container, (await engine.System.InfoAsync(cancellationToken).ConfigureAwait(false)).DockerRootDir);
        // The same path on another machine would be another engine's; a container's id is in it, which no two have.
        if (engine.IsLocal && LocalLogFile.MayCut(path)) return new LocalLogFile(container, path);
        if (remote.Hosts.Contains(engine.Host, StringComparer.OrdinalIgnoreCase)) return new RemoteLogFile(container, path, remote);
        var wayOut = $"Run this as root on that machine, or give hosts.{engine.Host}.ssh in the lab file.";
        throw new HomelabException(ErrorKind.Denied, "ContainerLogUnreachable", $"The log of {container} is {path} on {engine.Host}: from here it cannot be written to, and there is no login for {engine.Host}. {wayOut}", container.ToString()) { WayOut = wayOut, NothingHappened = true };
    }

    /// <summary>The file, where it is one that the engine itself keeps for that very container.</summary>
    internal static string PathOf(ContainerDetail container, string? root)
    {
        if (container.LogDriver != Driver)
        {
            throw Problem(container, ErrorKind.Conflict, "ContainerLogUnsupported", $"The log of {container} is kept by the driver '{ForeignText.Clean(container.LogDriver, 40)}', and only that of {Driver} can be cut.", "Set its own limits there, such as max-size.");
        }

        if (container.LogPath.Length == 0)
        {
            throw container.StartedAt == DateTimeOffset.MinValue
                ? Problem(container, ErrorKind.Conflict, "ContainerLogMissing", $"Container {container} has no log yet: it was never started.", "Start it first.")
                : Problem(container, ErrorKind.Conflict, "ContainerLogMissing", $"The engine on {container.Host} names no file for the log of {container}.", $"Look what listens at hosts.{container.Host}.docker: Docker itself names one.");
        }

        var expected = $"{root?.TrimEnd('/')}/containers/{container.Id}/{container.Id}-json.log";
        // What is cut as root is not what an engine, or something in its place, likes to name.
        if (root is { Length: > 1 } && root[0] == '/' && !root.Split('/').Contains("..", StringComparer.Ordinal) && container.Id.All(char.IsAsciiHexDigit) && container.LogPath == expected) return expected;
        throw Problem(
            container,
            ErrorKind.Failed,
            "ContainerLogMisplaced",
            $"The engine on {container.Host} says that the log of {container} is {ForeignText.Clean(container.LogPath, 300)}, which is not where one keeps its logs ({ForeignText.Clean(expected, 300)}): it was left alone.",
            $"Look what listens at hosts.{container.Host}.docker.");
    }

    protected static HomelabException Problem(ContainerDetail container, ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) =>
        new(kind, id, $"{what} {wayOut}", container.ToString(), inner) { WayOut = wayOut, NothingHappened = true };

    private sealed class LocalLogFile(ContainerDetail container, string path) : ContainerLogFile(container, path)
    {
        // A link would lead elsewhere. That it may be opened is the only proof of the right to write.
        internal static bool MayCut(string path)
        {
            try
            {
                if (new FileInfo(path) is not { Exists: true, LinkTarget: null }) return false;
                using var file = Open(path);
                return true;
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                return false;
            }
        }

        internal override Task<long> MeasureAsync(CancellationToken cancellationToken)
        {
            try
            {
                return Task.FromResult(new FileInfo(Path).Length);
            }
            catch (FileNotFoundException e)
            {
                throw Gone(e);
            }
        }

        internal override Task CutAsync(CancellationToken cancellationToken)
        {
            try
            {
                using var file = Open(Path);
                file.SetLength(0);
                return Task.CompletedTask;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw Gone(e);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                throw Problem(Container, ErrorKind.Failed, "ContainerLogNotCut", $"{Path} could not be cut: {e.Message.TrimEnd('.')}.", "Look at the disk and the rights there.", e);
            }
        }

        private static FileStream Open(string path) => new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete });

        private HomelabException Gone(Exception e) => Problem(Container, ErrorKind.NotFound, "ContainerLogNotFound", $"The log of {Container} is not at {Path} any more.", "Look whether the container is still there.", e);
    }

    private sealed class RemoteLogFile(ContainerDetail container, string path, IRemoteHosts remote) : ContainerLogFile(container, path)
    {
        internal override async Task<long> MeasureAsync(CancellationToken cancellationToken)
        {
            var result = await RunAsync(["stat", "-c", "%s", "--", Path], cancellationToken).ConfigureAwait(false);
            return long.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? size
                : throw Problem(Container, ErrorKind.Failed, "ContainerLogNotMeasured", $"stat on {Container.Host} told no size of {Path}: {DockerErrors.Shown(result.Output)}.", "Run it there by hand.");
        }

        internal override Task CutAsync(CancellationToken cancellationToken) => RunAsync(["truncate", "-s", "0", "--", Path], cancellationToken);

        private async Task<RemoteResult> RunAsync(string[] words, CancellationToken cancellationToken)
        {
            var result = await remote.RunAsync(Container.Host, new RemoteCommand(words) { AsRoot = true }, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode == 0) return result;
            var said = DockerErrors.Shown(result.Error).TrimEnd('.');
            if (Says("No such file")) throw Problem(Container, ErrorKind.NotFound, "ContainerLogNotFound", $"The log of {Container} is not at {Path} on {Container.Host}: {said}.", "Look whether the container is still there.");
            if (Says("Permission denied") || Says("sudo:") || Says("not permitted"))
            {
                throw Problem(Container, ErrorKind.Denied, "ContainerLogUnreachable", $"The account on {Container.Host} may not run {CommandLine.Show(words)}: {said}.", $"Let it: root's ALL=(root) NOPASSWD for stat and truncate, and hosts.{Container.Host}.ssh.sudo in the lab file.");
            }

            throw new HomelabException(ErrorKind.Failed, "ContainerLogNotCut", string.Create(CultureInfo.InvariantCulture, $"{CommandLine.Show(words)} on {Container.Host} ended with exit code {result.ExitCode}: {said}. Run it there by hand."), Container.ToString());

            bool Says(string text) => result.Error.Contains(text, StringComparison.OrdinalIgnoreCase);
        }
    }
}
