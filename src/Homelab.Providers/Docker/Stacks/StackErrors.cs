namespace Homelab.Providers.Docker;

/// <summary>What goes wrong with stacks, in our words.</summary>
internal static class StackErrors
{
    internal static HomelabException Make(ErrorKind kind, string id, string what, string wayOut, StackPlace place, bool nothingHappened = true) =>
        new(kind, id, $"{what} {wayOut}", place.ToString()) { WayOut = wayOut, NothingHappened = nothingHappened };

    internal static HomelabException Astray(StackPlace place, string why) =>
        Make(ErrorKind.Denied, "StackAstray", $"The folder of stack {place} leads elsewhere: {why}.", "Name the true folder under providers.docker.stacks in the lab file, if that is meant.", place);

    internal static HomelabException NoFolder(StackPlace place) =>
        Make(ErrorKind.NotFound, "StackNotFound", $"There is no folder {place.Folder} on {place.Host} for stack {place.Name}, or its account may not enter it.", $"Look at providers.docker.stacks.{place.Name} in the lab file.", place);

    internal static HomelabException NoFile(StackPlace place) =>
        Make(ErrorKind.NotFound, "StackFileNotFound", $"There is no compose file in {place.Folder} on {place.Host}.", $"Write one: Set-HlStackFile {place} -Content ….", place);

    internal static HomelabException NoCompose(StackPlace place) =>
        Make(ErrorKind.Failed, "ComposeNotFound", $"There is neither 'docker compose' nor 'docker-compose' on {place.Host} that can be run.", "Install the package docker-compose-plugin there.", place);

    internal static HomelabException Unreadable(StackPlace place, string file, string problem, int line) =>
        Make(ErrorKind.Invalid, "StackFileInvalid", $"{file} of stack {place}, line {line}: {problem}.", "Mend it there, or write a whole new one with Set-HlStackFile.", place);

    internal static HomelabException Changed(StackPlace place) =>
        Make(ErrorKind.Conflict, "StackFileChanged", $"The compose file of stack {place} is not what was read: somebody has changed it meanwhile.", $"Run Get-HlStackFile {place}, and begin from what it holds now.", place);
}
