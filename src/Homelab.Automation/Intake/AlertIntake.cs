using System.Collections.Frozen;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Intake;

/// <summary>Reads what comes in by the lab's hooks: each by its source, and by the map that the lab file gives it.</summary>
public sealed class AlertIntake
{
    /// <summary>The source whose alerts are read by a map alone.</summary>
    public const string Json = "json";

    private readonly FrozenDictionary<string, IAlertSource> _sources;
    private readonly Dictionary<string, IAlertSource> _hooks = new(StringComparer.Ordinal);
    private readonly List<(string Hook, string Field, string Reason, string WayOut)> _problems = [];

    /// <param name="lab">The lab.</param>
    /// <param name="sources">Who can read alerts.</param>
    public AlertIntake(LabDefinition lab, IEnumerable<IAlertSource> sources)
    {
        ArgumentNullException.ThrowIfNull(lab);
        _sources = sources.ToFrozenDictionary(static s => s.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, hook) in lab.Hooks)
        {
            if (Compile(name, hook) is { } reader) _hooks[name] = reader;
        }
    }

    /// <summary>Whose alerts can be read: what a hook's <c>source:</c> may be.</summary>
    public IReadOnlyList<string> Sources => [.. _sources.Keys.Append(Json).Order(StringComparer.Ordinal)];

    /// <summary>Reads one delivery.</summary>
    /// <exception cref="HomelabException"><c>AlertUnreadable</c> (Invalid): what is wrong with it, where, and what was expected.</exception>
    public IReadOnlyList<Alert> Read(string hook, AlertDelivery delivery) =>
        _hooks.TryGetValue(hook, out var reader)
            ? reader.Read(delivery)
            : throw new HomelabException(ErrorKind.Unavailable, "HookUnusable", "This hook cannot read anything. 'homelab check' says why.", hook);

    /// <summary>Every mistake of the hooks' sources and maps.</summary>
    public IReadOnlyList<ConfigurationProblem> Check(SourceMap source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return [.. _problems.Select(p => new ConfigurationProblem(source.Of($"hooks.{p.Hook}.{p.Field}"), $"hooks.{p.Hook}.{p.Field}", p.Reason, p.WayOut))];
    }

    private IAlertSource? Compile(string name, HookDefinition hook)
    {
        var before = _problems.Count;
        if (string.Equals(hook.Source, Json, StringComparison.OrdinalIgnoreCase))
        {
            if (hook.Map is not { } map)
            {
                _problems.Add((name, "map", "is missing, and json means nothing without it", "Give map: with status and subject at the least."));
                return null;
            }

            if (map.Status is null) _problems.Add((name, "map.status", "is missing", "Give the expression for what says down or up: body.state."));
            if (map.Subject is null && map.Host is null) _problems.Add((name, "map.subject", "is missing", "Give the expression for what it is about: body.name; or that for host."));
            var expressions = Parse(name, Fields(map), ["body", "item"]);
            return _problems.Count > before ? null : new MappedJsonSource(name, map, expressions);
        }

        if (!_sources.TryGetValue(hook.Source, out var source))
        {
            _problems.Add((name, "source", $"'{hook.Source}' sends no alerts that can be read", NearestName.Hint(hook.Source, Sources)));
            return null;
        }

        if (hook.Map is not { } changes) return source;
        foreach (var (field, _) in Fields(changes).Where(static f => !MappedSource.Fields.Contains(f.Field, StringComparer.Ordinal) && f.Text is not null))
        {
            _problems.Add((name, $"map.{field}", $"cannot be read otherwise than {hook.Source} has it", $"Only of json; of the others {string.Join(", ", MappedSource.Fields)} can."));
        }

        var overrides = Parse(name, Fields(changes), ["alert"]);
        return _problems.Count > before ? null : new MappedSource(source, overrides);
    }

    private Dictionary<string, Expression> Parse(string hook, IEnumerable<(string Field, string? Text)> fields, string[] names)
    {
        var parsed = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (var (field, text) in fields)
        {
            if (text is null) continue;
            try
            {
                var expression = Expression.Parse(text);
                if (expression.Paths().Select(static p => p.Path.Split('.')[0]).FirstOrDefault(p => !names.Contains(p, StringComparer.Ordinal)) is { } unknown)
                {
                    _problems.Add((hook, $"map.{field}", $"names '{unknown}', which is not there", $"Begin with {string.Join(" or ", names)}; a fixed text stands in quotes."));
                }

                parsed[field] = expression;
            }
            catch (ExpressionException e)
            {
                _problems.Add((hook, $"map.{field}", "cannot be read", e.Message));
            }
        }

        return parsed;
    }

    private static IEnumerable<(string Field, string? Text)> Fields(AlertMapDefinition map) =>
    [
        ("items", map.Items), ("subject", map.Subject), ("status", map.Status), ("message", map.Message), ("at", map.At), ("resource", map.Resource), ("value", map.Value),
        ("host", map.Host), ("severity", map.Severity), ("fingerprint", map.Fingerprint),
    ];
}
