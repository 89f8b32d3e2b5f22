using System.Text;
using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>Hosts that answer what a test says, as a shell would have written it.</summary>
internal sealed class ToldHosts(params IReadOnlyList<string> hosts) : IRemoteHosts
{
    private readonly Lock _lock = new();
    private readonly List<(string Host, RemoteCommand Command)> _asked = [];

    public IReadOnlyList<string> Hosts => hosts;

    /// <summary>What a host answers to a command.</summary>
    internal Func<string, RemoteCommand, RemoteResult> Answer { get; set; } = static (_, _) => throw new InvalidOperationException("Nothing is asked here.");

    /// <summary>What was asked, in order.</summary>
    internal IReadOnlyList<(string Host, RemoteCommand Command)> Asked
    {
        get
        {
            lock (_lock) return [.. _asked];
        }
    }

    public Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken)
    {
        lock (_lock) _asked.Add((host, command));
        cancellationToken.ThrowIfCancellationRequested();
        if (!hosts.Contains(host, StringComparer.Ordinal)) throw new HomelabException(ErrorKind.NotFound, "HostNotFound", $"The lab has no host '{host}'.", host) { NothingHappened = true };
        return Task.FromResult(Answer(host, command));
    }

    public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => throw new InvalidOperationException("Nobody is spoken with here.");

    /// <summary>The end of a script that told these sections of a Linux.</summary>
    internal static RemoteResult Told(string host, RemoteCommand command, params IReadOnlyList<(string Name, string Text)> sections)
    {
        var output = new StringBuilder();
        foreach (var (name, text) in (IEnumerable<(string, string)>)[("kernel", "Linux\n"), .. sections, ("end", "")]) output.Append('\n').Append(command.Words[4]).Append(' ').Append(name).Append('\n').Append(text);
        return Ended(host, command, 0, output.ToString());
    }

    /// <summary>The end of a program.</summary>
    internal static RemoteResult Ended(string host, RemoteCommand command, int code, string output = "", string error = "") =>
        new() { Host = host, Words = command.Words, ExitCode = code, Output = output, Error = error };

    /// <summary>Sections as they are read from a script that told them.</summary>
    internal static HostSections Sections(params IReadOnlyList<(string Name, string Text)> sections)
    {
        var command = RemoteCommand.Of("sh", "-c", "", "homelab", "mark");
        return HostSections.Split("dev", Told("dev", command, sections).Output, "", "mark");
    }

    /// <summary>True for a script of ours.</summary>
    internal static bool IsScript(RemoteCommand command) => command.Words is ["sh", "-c", _, "homelab", ..];
}
