namespace Homelab.Providers.Ssh;

/// <summary>The command policy as it holds for the lab's hosts.</summary>
public sealed class HostCommands(LabDefinition lab, CommandPolicy policy, IRemoteHosts remote)
{
    private const int ToldLength = 200;

    /// <summary>Reads a line, with further words behind it that are taken as they are.</summary>
    internal static CommandLine Read(string command, IReadOnlyList<string> arguments)
    {
        var line = CommandLine.Read(command);
        return line.Refusal is null && arguments.Count > 0 ? CommandLine.Of([.. line.Words, .. arguments]) : line;
    }

    /// <summary>Decides on a command for a host.</summary>
    /// <exception cref="HomelabException"><c>HostNotFound</c> (NotFound), with the nearest name.</exception>
    internal CommandDecision Decide(CommandLine line, string host, Face face) => policy.Decide(line, PlaceOf(host, face));

    /// <summary>A host as a place of commands, with its tags; its address is another name of it.</summary>
    /// <exception cref="HomelabException"><c>HostNotFound</c> (NotFound), with the nearest name.</exception>
    internal CommandPlace PlaceOf(string host, Face face)
    {
        var name = lab.Hosts.ContainsKey(host) ? host : lab.Hosts.Keys.FirstOrDefault(h => string.Equals(h, host, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            throw new HomelabException(ErrorKind.NotFound, "HostNotFound", $"The lab has no host '{ForeignText.Clean(host, ToldLength)}'. {NearestName.Hint(host, [.. lab.Hosts.Keys])}", ForeignText.Clean(host, ToldLength)) { NothingHappened = true };
        }

        var definition = lab.Hosts[name];
        return new CommandPlace(new Target("host", name) { Aliases = definition.Address.Length > 0 ? [definition.Address] : [] }, face) { Tags = definition.Tags };
    }

    /// <summary>A container as a place of commands, with the tags of its host.</summary>
    internal CommandPlace PlaceOfContainer(ContainerRef container, Face face) =>
        new(new Target("container", container.Name, container.Host), face) { Tags = container.Host is { } host && lab.Hosts.TryGetValue(host, out var definition) ? definition.Tags : [] };

    /// <summary>Makes sure that a container is meant by its name: the engine would also take the beginning of another one's id for it. Returns its id, by which it may be protected too.</summary>
    /// <exception cref="HomelabException"><c>ContainerNotFound</c> (NotFound): there is none of that name; and what <see cref="IRemoteHosts.RunAsync"/> throws.</exception>
    internal async Task<string> MeetContainerAsync(CommandDecision decision, CancellationToken cancellationToken)
    {
        var (program, name, host) = (decision.Line.Words[0], decision.Target.Name, decision.Place.Target.Name);
        var look = RemoteCommand.Of(program, "container", "inspect", "--format", "{{.Id}} {{.Name}}", name) with { EndsWhenFull = true, AsRoot = decision.AsRoot };
        var seen = await remote.RunAsync(host, look, cancellationToken).ConfigureAwait(false);
        // Docker writes a slash before the name, Podman none.
        var (id, called) = seen.Output.Trim().Split(' ') is [var first, var second] ? (first, second.TrimStart('/')) : ("", "");
        if (seen.ExitCode == 0 && string.Equals(called, name, StringComparison.Ordinal)) return id;
        var told = seen.ExitCode == 0 ? $"what {program} means by it is called {ForeignText.Clean(called, ToldLength)}" : ForeignText.Clean(seen.Error, ToldLength);
        throw new HomelabException(ErrorKind.NotFound, "ContainerNotFound", $"There is no container named '{name}' on {host}: {told.TrimEnd('.')}. Name it in full.", decision.Target.ToString()) { NothingHappened = true };
    }
}
