using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>What a rule of a firewall is to be: only what was said of it, an empty text for what is to go.</summary>
internal sealed class FirewallWish(SetFirewallRule.Input input)
{
    private static readonly string[] s_verdicts = ["ACCEPT", "DROP", "REJECT"];

    private readonly string? _action = s_verdicts.FirstOrDefault(v => string.Equals(v, input.Action, StringComparison.OrdinalIgnoreCase)) ?? input.Action;

    // In the order in which people read a rule, with the API's names.
    private (string Name, string? Wanted, Func<VmFirewallRule, string> Seen)[] Texts =>
    [
        ("macro", input.Macro, static r => r.Macro),
        ("proto", input.Protocol, static r => r.Protocol),
        ("source", input.Source, static r => r.Source),
        ("sport", input.SourcePort, static r => r.SourcePort),
        ("dest", input.Destination, static r => r.Destination),
        ("dport", input.Port, static r => r.Port),
        ("iface", input.Interface, static r => r.Interface),
        ("log", input.Log?.ToString().ToLowerInvariant(), static r => r.Log),
        ("comment", input.Comment, static r => r.Comment),
    ];

    private bool IsNew => input.Position is null;

    /// <summary>Says what is missing or makes no sense, before anybody is asked.</summary>
    /// <exception cref="InputException">It cannot be a rule.</exception>
    internal void Demand()
    {
        const string Directions = "Give in, out, or group.";
        var problems = new List<InputProblem>();
        if (IsNew && input.Direction is null) problems.Add(new InputProblem("direction", null, "is missing, and a new rule must have it", Directions));
        if (IsNew && input.Action is null) problems.Add(new InputProblem("action", null, "is missing, and a new rule must have it", "Give ACCEPT, DROP, REJECT, or the name of a group of rules."));
        if (input.Direction is FirewallDirection.Unknown or FirewallDirection.Forward) problems.Add(new InputProblem("direction", HomelabNames.Of(input.Direction.Value), "is none that a guest's rule can have", Directions));
        if (_action is not null && input.Direction is FirewallDirection.In or FirewallDirection.Out && !s_verdicts.Contains(_action)) problems.Add(new InputProblem("action", _action!, "is none that a rule can do", "Give ACCEPT, DROP or REJECT; for a group of rules, -Direction group."));
        if (!IsNew && input is { Direction: null, Action: null, Enabled: null } && Texts.All(static t => t.Wanted is null)) problems.Add(new InputProblem("position", input.Position!.Value.ToString(CultureInfo.InvariantCulture), "says which rule, and nothing says what to change of it", "Give what it shall be: enabled, action, port."));
        if (problems.Count > 0) throw new InputException(problems);
    }

    /// <summary>True when a rule is what it is to be.</summary>
    internal bool Fits(VmFirewallRule rule) =>
        (input.Direction is not { } direction || rule.Direction == direction)
        && (_action is null || rule.Action == _action)
        && (EnabledWanted is not { } enabled || rule.Enabled == enabled)
        // Proxmox may write names in its own case.
        && Texts.All(t => t.Wanted is null || string.Equals(t.Wanted.Trim(), t.Seen(rule).Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>As Proxmox takes it.</summary>
    internal ProxmoxForm ToForm()
    {
        var form = new ProxmoxForm
        {
            { "type", input.Direction is { } direction ? HomelabNames.Of(direction) : null },
            { "action", _action },
            { "enable", EnabledWanted },
            { "digest", input.Digest },
        };
        foreach (var (name, wanted, _) in Texts.Where(static t => !string.IsNullOrEmpty(t.Wanted))) form.Add(name, wanted);
        string[] gone = [.. Texts.Where(static t => t.Wanted is "").Select(static t => t.Name)];
        if (!IsNew && gone.Length > 0) form.Add("delete", string.Join(',', gone));
        return form;
    }

    /// <summary>For people: <c>in ACCEPT proto=tcp dport=443</c>.</summary>
    public override string ToString() => string.Join(
        ' ',
        new[] { input.Direction is { } direction ? HomelabNames.Of(direction) : null, _action, input.Enabled switch { true => "on", false => "off", null => null } }
            .Concat(Texts.Select(static t => t.Wanted switch { null => null, "" => $"no {t.Name}", _ => $"{t.Name}={ForeignText.Clean(t.Wanted, 60)}" }))
            .OfType<string>());

    // Proxmox takes a rule of which nothing is said as switched off.
    private bool? EnabledWanted => input.Enabled ?? (IsNew ? true : null);
}
