using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>The firewall of one guest, or of the whole cluster: its rules in their order, and its options.</summary>
internal sealed class SimulatedFirewall
{
    private readonly List<JsonObject> _rules = [];
    private readonly JsonObject _options = [];

    /// <summary>The digest of what there is.</summary>
    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(new JsonArray([_options.DeepClone(), .. _rules.Select(static r => r.DeepClone())]).ToJsonString())))[..40];

    /// <summary>Every rule with its position.</summary>
    internal JsonArray Rules() => new([.. _rules.Select((_, i) => (JsonNode)Rule(i))]);

    /// <summary>One rule.</summary>
    internal JsonObject Rule(long position)
    {
        if (position < 0 || position >= _rules.Count) throw ProxmoxRefusedException.Failed($"no rule at position {position}");
        var rule = _rules[(int)position].DeepClone().AsObject();
        rule["pos"] = position;
        rule["digest"] = Digest;
        return rule;
    }

    /// <summary>The options that were set.</summary>
    internal JsonObject Options()
    {
        var options = _options.DeepClone().AsObject();
        options["digest"] = Digest;
        return options;
    }

    /// <summary>Adds a rule. A new one comes first and is off unless it says otherwise.</summary>
    internal void Add(JsonObject rule)
    {
        rule["enable"] ??= 0;
        _rules.Insert(0, rule);
    }

    /// <summary>Changes or moves a rule.</summary>
    internal void Change(long position, JsonObject changes, IReadOnlyList<string> delete, long? moveTo)
    {
        Rule(position);
        var rule = _rules[(int)position];
        if (moveTo is { } to && to != position)
        {
            // What stood there moves down; to move down is to come to stand before what is there.
            _rules.RemoveAt((int)position);
            _rules.Insert((int)Math.Min(to > position ? to - 1 : to, _rules.Count), rule);
            return;
        }

        foreach (var (name, value) in changes) rule[name] = value?.DeepClone();
        foreach (var name in delete) rule.Remove(name);
    }

    /// <summary>Removes a rule.</summary>
    internal void Remove(long position)
    {
        Rule(position);
        _rules.RemoveAt((int)position);
    }

    /// <summary>Sets options.</summary>
    internal void SetOptions(JsonObject changes, IReadOnlyList<string> delete)
    {
        foreach (var (name, value) in changes) _options[name] = value?.DeepClone();
        foreach (var name in delete) _options.Remove(name);
    }

    /// <summary>Refuses when somebody else changed it since.</summary>
    internal void Expect(string? digest)
    {
        if (digest is { Length: > 0 } && digest != Digest) throw ProxmoxRefusedException.Failed("detected modified configuration - file changed by other user? Try again.");
    }

    /// <summary>A copy, as a clone of the guest gets it.</summary>
    internal SimulatedFirewall Copy()
    {
        var copy = new SimulatedFirewall();
        copy._rules.AddRange(_rules.Select(static r => r.DeepClone().AsObject()));
        copy.SetOptions(_options, []);
        return copy;
    }
}
