using System.Collections.Frozen;

namespace Homelab;

/// <summary>
/// Decides which commands may be run on machines, in guests and in containers: by their words, never by their text. A command that no rule means is denied. Of the rules that mean it,
/// those speak that no other one beats: a rule beats another when it is narrower in its words, its place or its faces and wider in none of them. Where several speak, the strictest holds.
/// </summary>
public sealed class CommandPolicy
{
    private readonly FrozenDictionary<string, CompiledRule[]> _byProgram;
    private readonly CompiledRule[] _ofAnyProgram;

    /// <param name="rules">The rules, in the order of the lab file.</param>
    /// <exception cref="HomelabException"><c>CommandRuleInvalid</c> (Invalid): a rule is not well formed; the lab file's check tells it with its place.</exception>
    public CommandPolicy(IReadOnlyList<CommandRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var compiled = rules.Select(static (r, i) => Compile(r, i)).ToArray();
        _byProgram = compiled
            .SelectMany(static c => c.Programs.Select(p => (Program: p, Rule: c)))
            .GroupBy(static p => p.Program, static p => p.Rule, StringComparer.Ordinal)
            .ToFrozenDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);
        _ofAnyProgram = [.. compiled.Where(static c => c.Programs.Count == 0)];
    }

    /// <summary>What is wrong with a rule, in words that begin with the key; null when nothing is.</summary>
    public static string? Objection(CommandRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        try
        {
            CompiledRule.Of(rule, "");
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>The rule's name as decisions give it: its own, or its place in the file.</summary>
    public static string NameOf(CommandRule rule, int index)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Name is { Length: > 0 } name ? name : $"policy.commands[{index}]";
    }

    /// <summary>Decides on a line; what is no plain command is denied, and the decision says why.</summary>
    public CommandDecision Decide(CommandLine line, CommandPlace place)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(place);
        return line.Refusal is not null ? new CommandDecision(line, place, null, [], this) : Decide(line, place, line.Words);
    }

    /// <summary>Decides on words.</summary>
    public CommandDecision Decide(IReadOnlyList<string> words, CommandPlace place) => Decide(CommandLine.Of(words), place);

    /// <summary>The rules about a program, wherever they speak; those about any program come last.</summary>
    internal IEnumerable<CompiledRule> About(string program) => (_byProgram.TryGetValue(program, out var rules) ? rules : []).Concat(_ofAnyProgram);

    private CommandDecision Decide(CommandLine line, CommandPlace place, IReadOnlyList<string> words)
    {
        Candidate? only = null;
        List<Candidate>? several = null;
        if (_byProgram.TryGetValue(words[0], out var rules)) Collect(rules, words, place, ref only, ref several);
        Collect(_ofAnyProgram, words, place, ref only, ref several);
        if (several is null) return new CommandDecision(line, place, only, [], this);
        Candidate? holding = null;
        foreach (var candidate in several)
        {
            if (!several.Exists(other => Beats(other, candidate)) && (holding is null || IsStricter(candidate, holding))) holding = candidate;
        }

        return new CommandDecision(line, place, holding, [.. several.Where(c => c != holding).Select(static c => c.Rule.Name)], this);
    }

    private static void Collect(CompiledRule[] rules, IReadOnlyList<string> words, CommandPlace place, ref Candidate? only, ref List<Candidate>? several)
    {
        foreach (var rule in rules)
        {
            if (!rule.Matches(words, out var subject) || rule.PlaceWeight(place) is not (>= 0 and var placeWeight)) continue;
            var candidate = new Candidate(rule, placeWeight, subject);
            if (several is not null) several.Add(candidate);
            else if (only is null) only = candidate;
            else several = [only, candidate];
        }
    }

    private static bool Beats(Candidate a, Candidate b)
    {
        var (words, place, faces) = (a.Rule.WordWeight.CompareTo(b.Rule.WordWeight), a.PlaceWeight.CompareTo(b.PlaceWeight), a.Rule.FaceWeight.CompareTo(b.Rule.FaceWeight));
        return words >= 0 && place >= 0 && faces >= 0 && words + place + faces > 0;
    }

    // What only looks is the milder of two equals.
    private static bool IsStricter(Candidate a, Candidate b) =>
        a.Rule.Rule.Verdict != b.Rule.Rule.Verdict ? a.Rule.Rule.Verdict > b.Rule.Rule.Verdict : !a.Rule.Rule.Reads && b.Rule.Rule.Reads;

    private static CompiledRule Compile(CommandRule rule, int index)
    {
        var name = NameOf(rule, index);
        try
        {
            return CompiledRule.Of(rule, name);
        }
        catch (FormatException e)
        {
            throw new HomelabException(ErrorKind.Invalid, "CommandRuleInvalid", $"The rule {name} of policy.commands cannot be used: {e.Message}.", name, e);
        }
    }
}

/// <summary>A rule that means a command at a place.</summary>
internal sealed record Candidate(CompiledRule Rule, int PlaceWeight, (WordMatcher Matcher, string Word)? Subject);
