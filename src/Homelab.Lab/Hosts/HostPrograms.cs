using System.Globalization;
using Homelab.Lab.Ssh;

namespace Homelab.Lab.Hosts;

/// <summary>The programs of a simulated host: those that the product runs by name, and a few that people try. What they print is what GNU's and systemd's own print.</summary>
internal sealed class HostPrograms(SimulatedHost host)
{
    private readonly HostScripts _scripts = new(host);
    private readonly DockerProgram? _docker = host.Engine is { } engine ? new DockerProgram(engine) : null;

    internal Task<ProgramEnd> RunAsync(string[] words, bool asRoot, SshExec exec, CancellationToken cancellationToken) => words switch
    {
        ["docker", .. var rest] when _docker is not null => _docker.RunAsync(rest, exec, cancellationToken),
        ["sh", "-c", var text, _, var mark, .. var rest] when StackPrograms.Knows(text) => new StackPrograms(host).RunAsync(text, mark, rest, exec, cancellationToken),
        _ => Task.FromResult(Run(words, asRoot)),
    };

    private ProgramEnd Run(string[] words, bool asRoot) => words switch
    {
        ["true"] => ProgramEnd.Fine,
        ["false"] => new ProgramEnd(1),
        ["echo", .. var rest] => ProgramEnd.Say(string.Join(' ', rest) + "\n"),
        ["whoami"] => ProgramEnd.Say((asRoot ? "root" : SimulatedHost.User) + "\n"),
        ["hostname"] => ProgramEnd.Say(host.Name + "\n"),
        ["uname", .. var rest] => Uname(rest),
        ["uptime"] => ProgramEnd.Say(Uptime()),
        ["df", .. var rest] => Df(rest),
        ["free", ..] => ProgramEnd.Say(Free()),
        ["stat", "-c", "%s", "--", var path] => OnLog(path, asRoot, "stat: cannot statx", static log => ProgramEnd.Say(log.LogSize.ToString(CultureInfo.InvariantCulture) + "\n")),
        ["truncate", "-s", "0", "--", var path] => OnLog(path, asRoot, "truncate: cannot open", Cut),
        ["systemctl", .. var rest] => new UnitProgram(host).Run(rest, asRoot),
        ["reboot"] => new UnitProgram(host).Run(["reboot"], asRoot),
        ["sh", "-c", var text] when ShellLine.Read(text) is { Length: > 0 } plain => Run(plain, asRoot),
        ["sh", "-c", var text, _, var mark, .. var rest] => _scripts.Run(text, mark, rest),
        [var program, ..] => ProgramEnd.NotFound(program),
        _ => ProgramEnd.Fine,
    };

    // Of files there are only the logs of the containers; where they are, only root may look.
    private ProgramEnd OnLog(string path, bool asRoot, string cannot, Func<Docker.SimulatedContainer, ProgramEnd> act)
    {
        if (host.Engine?.Containers.FirstOrDefault(c => c.LogPath == path) is not { } container) return ProgramEnd.Fail($"{cannot} '{path}': No such file or directory\n");
        return asRoot ? act(container) : ProgramEnd.Fail($"{cannot} '{path}': Permission denied\n");
    }

    private static ProgramEnd Cut(Docker.SimulatedContainer container)
    {
        container.CutLog();
        return ProgramEnd.Fine;
    }

    private ProgramEnd Uname(string[] options)
    {
        var told = options is [] ? "Linux" : string.Join(' ', options[0].TrimStart('-').Select(c => c switch { 's' => "Linux", 'n' => host.Name, 'r' => host.Spec.Kernel, 'm' => "x86_64", _ => "" }));
        return ProgramEnd.Say(told + "\n");
    }

    private string Uptime()
    {
        var now = host.Time.GetUtcNow();
        var up = now - host.BootedAt;
        return string.Create(CultureInfo.InvariantCulture, $" {now:HH:mm:ss} up {up.Days} days, {up:h\\:mm},  1 user,  load average: {host.Load:F2}, {host.Load:F2}, {host.Load:F2}\n");
    }

    private ProgramEnd Df(string[] options)
    {
        const long Kibi = 1024;
        var isHuman = options.Contains("-h", StringComparer.Ordinal);
        var lines = host.FileSystems.Where(static f => f.Size > 0).Select(f =>
        {
            var (used, available) = (host.UsedOf(f), host.AvailableOf(f));
            var share = used + available == 0 ? 0 : Math.Ceiling(100.0 * used / (used + available));
            return string.Create(CultureInfo.InvariantCulture, $"{f.Source,-14} {Shown(f.Size),10} {Shown(used),10} {Shown(available),10} {share,3}% {f.Mount}\n");
        });
        return ProgramEnd.Say($"{"Filesystem",-14} {(isHuman ? "Size" : "1K-blocks"),10} {"Used",10} {(isHuman ? "Avail" : "Available"),10} Use% Mounted on\n{string.Concat(lines)}");

        string Shown(long bytes) => isHuman ? ByteSize.Format(bytes).Replace(" ", "", StringComparison.Ordinal).Replace("iB", "", StringComparison.Ordinal) : (bytes / Kibi).ToString(CultureInfo.InvariantCulture);
    }

    private string Free()
    {
        const long Kibi = 1024;
        var (total, used, swap) = (host.Spec.Memory / Kibi, host.MemoryUsed / Kibi, host.Spec.Swap / Kibi);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"               total        used        free      shared  buff/cache   available\nMem:    {total,12}{used,12}{(total - used) / 2,12}{0,12}{(total - used) / 2,12}{total - used,12}\nSwap:   {swap,12}{host.SwapUsed / Kibi,12}{swap - (host.SwapUsed / Kibi),12}\n");
    }
}
