namespace Homelab.Providers.Docker;

/// <summary>Finds where a stack is, by its name alone: in the lab file, in the folders of stacks that it names, and by the labels of containers.</summary>
internal sealed class StackPlaces(ProviderContext context, DockerEngines engines, StackShells shells)
{
    internal const string ProjectLabel = "com.docker.compose.project";
    internal const string ServiceLabel = "com.docker.compose.service";
    private const string FolderLabel = "com.docker.compose.project.working_dir";
    private const int ShownLength = 200;

    private readonly DockerSettings _settings = context.Settings<DockerSettings>("docker") ?? new DockerSettings();

    /// <summary>Finds it.</summary>
    /// <exception cref="HomelabException"><c>StackNotFound</c> (NotFound), <c>StackAmbiguous</c> (Conflict), <c>StackPlaceInvalid</c> (Invalid), and what the way to a host throws.</exception>
    internal async Task<StackPlace> FindAsync(StackRef stack, CancellationToken cancellationToken)
    {
        if (stack.Host is { } wanted) HostOf(wanted, stack.ToString());
        var told = _settings.Stacks
            .Where(s => string.Equals(s.Key, stack.Name, StringComparison.Ordinal))
            .Select(s => new StackPlace(s.Key, HostOf(s.Value.Host, $"providers.docker.stacks.{s.Key}.host"), s.Value.Folder))
            .Where(p => stack.Host is null || Same(p.Host, stack.Host))
            .ToArray();
        if (told is [var only]) return Checked(only);
        var below = await InFoldersAsync(stack, cancellationToken).ConfigureAwait(false);
        var found = below.Count > 0 ? below : await ByLabelsAsync(stack, cancellationToken).ConfigureAwait(false);
        return found switch
        {
            [var one] => Checked(one),
            [] => throw NotFound(stack),
            _ => throw new HomelabException(ErrorKind.Conflict, "StackAmbiguous", $"There is more than one stack '{stack}': {string.Join(", ", found.Select(static p => $"{p} in {p.Folder}").Order(StringComparer.Ordinal))}. Say which, or name it under providers.docker.stacks in the lab file.", stack.ToString())
            { NothingHappened = true },
        };
    }

    private async Task<IReadOnlyList<StackPlace>> InFoldersAsync(StackRef stack, CancellationToken cancellationToken)
    {
        var places = new List<StackPlace>();
        foreach (var (host, root) in _settings.StackFolders.OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            var name = HostOf(host, $"providers.docker.stackFolders.{host}");
            if (stack.Host is not null && !Same(name, stack.Host)) continue;
            var place = Checked(new StackPlace(stack.Name, name, root.TrimEnd('/') + "/" + stack.Name) { Root = root });
            if (await StackHome.IsThereAsync(shells.On(name), place, cancellationToken).ConfigureAwait(false)) places.Add(place);
        }

        return places;
    }

    // A label is what whoever made the container or its image wrote: it leads to a compose file that is there already, and never to a new one.
    private async Task<IReadOnlyList<StackPlace>> ByLabelsAsync(StackRef stack, CancellationToken cancellationToken)
    {
        var places = new List<StackPlace>();
        foreach (var engine in stack.Host is { } host ? engines.Hosts.Where(h => Same(h, host)).Select(engines.On) : engines.Hosts.Select(engines.On))
        {
            var folders = (await engine.Containers.ListAsync(cancellationToken).ConfigureAwait(false))
                .Where(c => c.Labels.GetValueOrDefault(ProjectLabel) == stack.Name)
                .Select(static c => c.Labels.GetValueOrDefault(FolderLabel))
                .Where(static f => f is { Length: > 1 } && f[0] == '/')
                .Distinct(StringComparer.Ordinal);
            places.AddRange(folders.Select(f => new StackPlace(stack.Name, engine.Host, f!) { Project = stack.Name }));
        }

        return places;
    }

    private string HostOf(string host, string where) => context.Lab.Hosts.Keys.FirstOrDefault(h => Same(h, host))
        ?? throw new HomelabException(ErrorKind.NotFound, "HostNotFound", $"The lab has no host '{ForeignText.Clean(host, ShownLength)}' ({where}). {NearestName.Hint(host, [.. context.Lab.Hosts.Keys])}", where) { NothingHappened = true };

    private static StackPlace Checked(StackPlace place)
    {
        if (place.Folder.Length > 1 && place.Folder[0] == '/' && ForeignText.IsClean(place.Folder) && !place.Folder.Split('/').Contains("..", StringComparer.Ordinal)) return place;
        throw new HomelabException(
            ErrorKind.Invalid,
            "StackPlaceInvalid",
            $"The folder of stack {place}, '{ForeignText.Clean(place.Folder, ShownLength)}', is no absolute path without '..'. Set providers.docker.stacks.{place.Name}.folder in the lab file.",
            place.ToString())
        { NothingHappened = true };
    }

    private HomelabException NotFound(StackRef stack)
    {
        var folders = _settings.StackFolders.Count == 0 ? "" : $", no folder of that name lies in {string.Join(", ", _settings.StackFolders.Select(static f => $"{f.Value} on {f.Key}"))}";
        var wayOut = $"Name it under providers.docker.stacks in the lab file: {stack.Name}: {{ host: …, folder: … }}. {NearestName.Hint(stack.Name, [.. _settings.Stacks.Keys])}".TrimEnd();
        return new HomelabException(ErrorKind.NotFound, "StackNotFound", $"There is no stack '{stack}': the lab file names none{folders}, and no container is of it. {wayOut}", stack.ToString()) { WayOut = wayOut, NothingHappened = true };
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
