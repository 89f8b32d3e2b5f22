using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>The stacks of the lab: finds them, reads them, and runs compose for them on their host.</summary>
internal sealed class StackKeeper(ProviderContext context, DockerEngines engines)
{
    private const int ToldLength = 400;

    // What compose is asked with is fixed; the folder, the file and the project are found, not given. Only the last lines matter: the first are of what went well.
    private static readonly StackScript s_compose = new("""
        [ "$main" = "$1" ] && [ "$over" = "$2" ] || { s changed; quit; }
        h=$(cat "$main" ${over:+"$over"} | sha256sum)
        [ "${h%% *}" = "$3" ] || { s changed; quit; }
        p=$4; shift 4
        out=$(c -p "$p" -f "$main" ${over:+-f "$over"} "$@" 2>&1 </dev/null); r=$?
        s said; printf '%s\n' "$out" | tail -c 16000
        s code; printf '%s\n' "$r"
        """);

    private readonly ComposePrograms _programs = new();
    private readonly StackShells _shells = new(context, engines);

    internal IYamlReader Yaml => context.Yaml;

    internal TimeProvider Time => context.Time;

    internal Task<StackPlace> FindAsync(StackRef stack, CancellationToken cancellationToken) => new StackPlaces(context, engines, _shells).FindAsync(stack, cancellationToken);

    internal IStackShell ShellOf(StackPlace place) => _shells.On(place.Host);

    internal Task<StackHome> ReadAsync(StackPlace place, CancellationToken cancellationToken) => StackHome.ReadAsync(ShellOf(place), place, cancellationToken);

    internal Task<ComposeProgram> ProgramAsync(StackPlace place, CancellationToken cancellationToken) => _programs.OfAsync(ShellOf(place), place, cancellationToken);

    /// <summary>The engine that a stack's containers are on.</summary>
    internal DockerClient EngineOf(StackPlace place) => engines.On(place.Host);

    internal ContainerActs Acts => engines.Acts;

    /// <summary>Where a stack is, what its files say, and what its containers are.</summary>
    internal async Task<StackLook> LookAsync(StackRef stack, CancellationToken cancellationToken)
    {
        var place = await FindAsync(stack, cancellationToken).ConfigureAwait(false);
        var home = await ReadAsync(place, cancellationToken).ConfigureAwait(false);
        var reading = home.Understand(place, Yaml);
        var project = home.ProjectOf(place, reading);
        return new StackLook(place, home, reading, project, await ContainersAsync(place, project, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The containers of a project, in the order of their names.</summary>
    internal async Task<IReadOnlyList<Container>> ContainersAsync(StackPlace place, string project, CancellationToken cancellationToken) =>
    [
        .. (await EngineOf(place).Containers.ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(c => c.Labels.GetValueOrDefault(StackPlaces.ProjectLabel) == project)
            .OrderBy(static c => c.Name, StringComparer.Ordinal),
    ];

    /// <summary>Runs compose over the very files that were looked at.</summary>
    /// <param name="look">The stack.</param>
    /// <param name="program">Its host's compose.</param>
    /// <param name="words">What compose is to do.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellationToken">Ends it on its host too.</param>
    /// <returns>What it said; its secrets are hidden.</returns>
    /// <exception cref="HomelabException"><c>StackFileChanged</c> (Conflict): nothing was run; <c>ComposeFailed</c> (Failed): it ended with another code than 0; and what the way to the host throws.</exception>
    internal async Task<string> RunAsync(StackLook look, ComposeProgram program, IReadOnlyList<string> words, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var wish = new StackWish([look.Home.Name!, look.Home.Override ?? "", look.Home.WholeHash, look.Project, .. words]) { Timeout = timeout };
        var told = await s_compose.RunAsync(ShellOf(look.Place), look.Place, program.Kind, wish, cancellationToken).ConfigureAwait(false);
        if (told.Find("changed") is not null) throw StackErrors.Changed(look.Place);
        var said = HiddenSecrets.In(look.Home.Text, Yaml.Read(look.Home.Text).Document).Clean(told.Find("said") ?? "");
        context.Trace($"compose {look.Place}: {CommandLine.Show(words)} -> {told.Line("code")}");
        if (told.Line("code") == "0") return said;
        throw StackErrors.Make(
            ErrorKind.Failed,
            "ComposeFailed",
            string.Create(CultureInfo.InvariantCulture, $"{program} {CommandLine.Show(words)} of stack {look.Place} ended with code {told.Line("code")}: {LastOf(said)}."),
            $"Look at its containers: Get-HlContainer -Host {look.Place.Host}.",
            look.Place,
            nothingHappened: false);
    }

    /// <summary>The end of what a program said, in one line.</summary>
    internal static string LastOf(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return ForeignText.Clean(string.Join("; ", lines.TakeLast(3)), ToldLength).TrimEnd('.');
    }
}

/// <summary>A stack as it was found.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Home">Its files.</param>
/// <param name="Reading">What they say.</param>
/// <param name="Project">How compose knows it.</param>
/// <param name="Containers">Its containers.</param>
internal sealed record StackLook(StackPlace Place, StackHome Home, ComposeReading Reading, string Project, IReadOnlyList<Container> Containers)
{
    private const int ShownHash = 12;
    private const string None = "none";

    /// <summary>What becomes another with each container that is made, removed, started or stopped.</summary>
    internal string Mark => Containers.Count == 0 ? None : StackHome.HashOf(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', Containers.Select(static c => $"{c.Id}:{c.State}"))));

    /// <summary>As a person should know it before saying yes.</summary>
    internal string World(string more) => $"{Home.Name} {Home.WholeHash[..ShownHash]}: {Reading}{more}";

    /// <summary>Its containers by every name by which one of them may be protected.</summary>
    internal IReadOnlyList<string> Aliases => [.. Containers.SelectMany(static c => (IEnumerable<string>)[c.Name, c.ToString(), $"container:{c}", .. ContainerTarget.Aliases(c.Id)])];

    /// <summary>What its services may do to their host, as rules of the decision: whatever runs by itself elsewhere, a person must agree to it here.</summary>
    internal IEnumerable<Finding> Findings => FindingsOf(Reading);

    internal static IEnumerable<Finding> FindingsOf(ComposeReading reading) =>
        reading.Concerns.Count == 0 ? [] : [new Finding(Rules.Privilege, Requirement.Ask, string.Join(", ", reading.Concerns), "Approve it, or take it out of the compose file.")];

    internal static bool WasEmpty(string mark) => mark == None;
}
