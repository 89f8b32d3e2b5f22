using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>What the guest agent was told to run, until somebody asks how it went.</summary>
internal sealed class GuestProcesses
{
    private readonly Dictionary<(int Vmid, long Pid), JsonObject> _ended = [];
    private readonly Dictionary<(int Vmid, string File), string> _files = [];
    private long _pid = 900;

    /// <summary>Runs a program. It does what <c>echo</c>, <c>true</c>, <c>false</c> and <c>cat</c> do, and knows no other.</summary>
    internal long Run(SimulatedGuest guest, IReadOnlyList<string> command, string input)
    {
        var (code, output, error) = command[0].Split('/')[^1] switch
        {
            "true" => (0, "", ""),
            "false" => (1, "", ""),
            "echo" => (0, string.Join(' ', command.Skip(1)) + "\n", ""),
            "hostname" => (0, guest.Name + "\n", ""),
            "cat" when command.Count == 1 => (0, input, ""),
            "cat" when Read(guest, command[1]) is { } content => (0, content, ""),
            "cat" => (1, "", $"cat: {command[1]}: No such file or directory\n"),
            _ => throw ProxmoxRefusedException.Failed($"Agent error: Guest agent command failed, error was 'Failed to execute child process “{command[0]}” (No such file or directory)'"),
        };
        _ended[(guest.Vmid, ++_pid)] = new JsonObject { ["exited"] = 1, ["exitcode"] = code }.With("out-data", output.Length > 0 ? output : null).With("err-data", error.Length > 0 ? error : null);
        return _pid;
    }

    /// <summary>How a program ended. It is told once.</summary>
    internal JsonObject Reap(SimulatedGuest guest, long pid) => _ended.Remove((guest.Vmid, pid), out var ended) ? ended : throw ProxmoxRefusedException.Failed("Agent error: PID ld does not exist");

    /// <summary>A file inside; null for none.</summary>
    internal string? Read(SimulatedGuest guest, string file) => _files.TryGetValue((guest.Vmid, file), out var content) ? content : file == "/etc/hostname" ? guest.Name + "\n" : null;

    /// <summary>Writes a file inside.</summary>
    internal void Write(SimulatedGuest guest, string file, string content) => _files[(guest.Vmid, file)] = content;
}
