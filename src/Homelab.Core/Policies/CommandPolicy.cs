using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>Which commands may be run on machines and guests: none but those that the lab file lists, word for word.</summary>
public static class CommandPolicy
{
    private const int ShownLength = 200;

    /// <summary>True when a rule allows this very command there.</summary>
    public static bool Allows(IReadOnlyList<CommandRule> rules, IReadOnlyList<string> command, Target target)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(target);
        return rules.Any(r => r.Run.SequenceEqual(command, StringComparer.Ordinal) && r.On.Any(target.IsMeantBy));
    }

    /// <summary>Lets a command pass that is allowed.</summary>
    /// <exception cref="HomelabException"><c>CommandNotAllowed</c> (Denied), with the lines that would allow it.</exception>
    public static void Demand(IReadOnlyList<CommandRule> rules, IReadOnlyList<string> command, Target target)
    {
        if (Allows(rules, command, target)) return;
        var wayOut = $"To allow it, add to policy.commands in the lab file: {{ run: [{string.Join(", ", command.Select(Quoted))}], on: [{Quoted(target.Key)}] }}.";
        throw new HomelabException(ErrorKind.Denied, "CommandNotAllowed", $"The command {Show(command)} is not allowed on {target}: policy.commands does not list it for that. {wayOut}", target.ToString()) { WayOut = wayOut, NothingHappened = true };
    }

    /// <summary>A command in one line, for messages.</summary>
    public static string Show(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ForeignText.Clean(string.Join(' ', command.Select(static w => w.Length > 0 && !w.AsSpan().ContainsAny(" \t\n'\"") ? w : Quoted(w))), ShownLength);
    }

    // A text of JSON is one of YAML too.
    private static string Quoted(string word) => JsonValue.Create(word).ToJsonString(s_plain);

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>A command that may be run in some places.</summary>
public sealed record CommandRule
{
    /// <summary>The program and its arguments, word for word; no shell reads them.</summary>
    [Description("The program and its arguments, word for word, no pattern: [systemctl, restart, nginx]. No shell reads them.")]
    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>Where it may be run.</summary>
    [Description("Where it may be run: name, name@host or kind:name@host, with * and ?.")]
    public required IReadOnlyList<string> On { get; init; }
}
