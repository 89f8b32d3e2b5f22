using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Homelab.Lab.Ssh;

namespace Homelab.Lab.Hosts;

/// <summary>The scripts that read and write compose files and run compose, known by the sections that they tell. A test holds the product's own scripts against a real shell and a real compose.</summary>
internal sealed partial class StackPrograms(SimulatedHost host)
{
    private const int Folder = 0;
    private const int Given = 3;
    private static readonly string[] s_names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

    /// <summary>True for a script that works in a stack's folder.</summary>
    internal static bool Knows(string text) => text.Contains("s nofolder", StringComparison.Ordinal);

    /// <summary>Runs one.</summary>
    internal async Task<ProgramEnd> RunAsync(string text, string mark, string[] words, SshExec exec, CancellationToken cancellationToken)
    {
        var sections = host.Stacks.Files(words[Folder]) is null ? [("nofolder", "")] : await AnswerAsync(text, words, exec, cancellationToken);
        return ProgramEnd.Say(string.Concat(sections.Append(("end", "")).Select(s => $"\n{mark} {s.Item1}\n{s.Item2}")));
    }

    private async Task<IReadOnlyList<(string Name, string Told)>> AnswerAsync(string text, string[] words, SshExec exec, CancellationToken cancellationToken)
    {
        if (text.Contains("s written", StringComparison.Ordinal)) return Write(words[Folder], words[Given..], await InputAsync(exec, cancellationToken));
        if (text.Contains("s said", StringComparison.Ordinal)) return Run(words[Folder], words[Given..]);
        if (text.Contains("s settings", StringComparison.Ordinal)) return Read(words[Folder]);
        if (text.Contains("s gone", StringComparison.Ordinal)) return host.Stacks.Read(words[Folder], words[Given]) is { } backup ? [("text", Base64(backup))] : [("gone", "")];
        return text.Contains("s compose", StringComparison.Ordinal) ? [("compose", SimulatedStacks.Compose + "\n")] : [("there", "")];
    }

    private IReadOnlyList<(string Name, string Told)> Read(string folder)
    {
        var files = host.Stacks.Files(folder)!;
        var there = s_names.Where(n => files.Contains(n, StringComparer.Ordinal)).ToArray();
        List<(string Name, string Told)> told = [("here", folder + "\n"), ("settings", "")];
        if (there.Length == 0) return [.. told, ("nofile", "")];
        return
        [
            .. told, ("name", there[0] + "\n"), ("others", Lines(there.Skip(1))), ("over", "\n"), ("link", ""),
            ("backups", Lines(files.Where(f => f.StartsWith(there[0] + ".", StringComparison.Ordinal) && f.EndsWith(".bak", StringComparison.Ordinal)))),
            ("text", Base64(host.Stacks.Read(folder, there[0])!)), ("more", ""),
        ];
    }

    private IReadOnlyList<(string Name, string Told)> Write(string folder, string[] wish, string content)
    {
        var (name, old, stamp, keep) = (wish[0], wish[1], wish[2], int.Parse(wish[3], CultureInfo.InvariantCulture));
        var before = host.Stacks.Read(folder, name);
        if ((before is null ? "" : SimulatedStacks.Hash(before)) != old) return [("changed", "")];
        if (SimulatedStacks.Services(content).Count == 0) return [("invalid", "services must be a mapping\n")];
        if (before is not null) host.Stacks.Write(folder, $"{name}.{stamp}.bak", before);
        host.Stacks.Write(folder, name, content);
        foreach (var backup in host.Stacks.Files(folder)!.Where(f => f.StartsWith(name + ".", StringComparison.Ordinal)).SkipLast(keep).ToArray()) host.Stacks.Delete(folder, backup);
        return [("written", "")];
    }

    private IReadOnlyList<(string Name, string Told)> Run(string folder, string[] wish)
    {
        var (text, project, verb) = (host.Stacks.Read(folder, wish[0]), wish[3], wish[4]);
        if (text is null || SimulatedStacks.Hash(text) != wish[2]) return [("changed", "")];
        if (host.Engine is not { } engine) return [("said", "Cannot connect to the Docker daemon\n"), ("code", "1\n")];
        if (verb == "up") SimulatedStacks.Up(engine, folder, project, text);
        if (verb == "down") SimulatedStacks.Down(engine, project);
        return [("said", verb == "config" ? Lines(SimulatedStacks.Services(text).Keys) : ""), ("code", "0\n")];
    }

    // The line says how much of the input is the program's.
    private static async Task<string> InputAsync(SshExec exec, CancellationToken cancellationToken)
    {
        var length = int.Parse(Length().Match(exec.Line).Groups["length"].Value, CultureInfo.InvariantCulture);
        var read = await exec.Input.ReadAtLeastAsync(length, cancellationToken);
        var content = Encoding.UTF8.GetString(read.Buffer.Slice(0, length).ToArray());
        exec.Input.AdvanceTo(read.Buffer.GetPosition(length));
        return content;
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(static l => l + "\n"));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) + "\n";

    [GeneratedRegex("head -c (?<length>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Length();
}
