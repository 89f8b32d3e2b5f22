namespace Homelab.Providers.Mcp;

/// <summary>What can be wrong with one server, in words that name it and nothing secret.</summary>
/// <param name="name">Its name in the lab file.</param>
/// <param name="address">Where it is asked, for people.</param>
internal sealed class McpFaults(string name, string address)
{
    /// <summary>The place of its settings in the lab file.</summary>
    internal string Setting => $"providers.{McpNames.Provider}.servers.{name}";

    /// <summary>The server, as messages begin.</summary>
    internal string Who => $"MCP server '{name}'";

    internal HomelabException Unusable(string why) => Make(ErrorKind.Invalid, "Invalid", why, $"Correct {Setting} in the lab file.");

    internal HomelabException NoAnswer(TimeSpan within, string said = "") => Make(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(within)}{Said(said)}", "Look whether it runs, and whether it speaks MCP there.");

    internal HomelabException LoginRefused(int status, string? given) =>
        Make(ErrorKind.Denied, "LoginRefused", given is null ? $"wants a login (HTTP {status}) and the lab file gives none" : $"refused the login ({given}) with HTTP {status}", $"Set {Setting}.token, or headers.");

    internal HomelabException BehindProxy(int status) => Make(ErrorKind.Unavailable, "Unreachable", $"cannot be reached: HTTP {status}", "Look whether it runs.");

    internal HomelabException Unhealthy(int status) => Make(ErrorKind.Unavailable, "Unhealthy", $"answered HTTP {status} where it tells whether it lives", $"Look at its log. Is {Setting}.health the address?");

    internal HomelabException ProgramNotFound(string why) => Make(ErrorKind.NotFound, "ProgramNotFound", $"cannot be started: {why}", $"Install it, or correct {Setting}.command.");

    internal HomelabException Ended(string how, string said) => Make(ErrorKind.Unavailable, "Ended", $"{how} before it had answered{Said(said)}", $"Start it by hand with the arguments of {Setting}, and look what it says.");

    internal HomelabException Odd(string what, Exception? inner = null, string? wayOut = null) => Make(ErrorKind.Failed, "AnswerOdd", what, wayOut ?? $"Is it an MCP server, and is {Setting} right?", inner);

    /// <summary>The same words as <see cref="HttpPeer"/> has, about this server.</summary>
    internal HomelabException Of(HomelabException e) => new(e.Kind, e.Id, e.Message, name, e) { WayOut = e.WayOut };

    /// <summary>What was wrong, where its name stands before it already.</summary>
    internal string Brief(HomelabException e)
    {
        var what = e.What;
        var begins = what.StartsWith(Who, StringComparison.Ordinal) ? Places.FirstOrDefault(p => what.AsSpan(Who.Length).StartsWith(p, StringComparison.Ordinal)) : null;
        return (begins is null ? what : what[(Who.Length + begins.Length)..]).TrimEnd('.');
    }

    // As it is written here, and as HttpPeer writes it.
    private IEnumerable<string> Places => [$" at {address} ", .. Uri.TryCreate(address, UriKind.Absolute, out var url) ? (string[])[$" at {url.GetLeftPart(UriPartial.Authority)} "] : []];

    private HomelabException Make(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) =>
        new(kind, McpNames.Prefix + id, $"{Who} at {address} {what}. {wayOut}", name, inner) { WayOut = wayOut };

    private static string Said(string said) => said.Length > 0 ? $"; it said: {said}" : "";
}
