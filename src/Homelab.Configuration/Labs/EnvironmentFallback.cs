using System.Globalization;

namespace Homelab.Configuration;

/// <summary>Puts the well-known environment variables where the lab file is silent. It writes into the nodes, so what it writes is read like the file.</summary>
internal sealed class EnvironmentFallback(Func<string, string?> environment, IReadOnlyDictionary<string, Type> providerSettings)
{
    private const int ProxmoxPort = 8006;

    private static readonly string[] s_levels = ["monitor", "operate", "configure", "manage"];

    /// <summary>The place of every value that came from the environment.</summary>
    internal static SourcePosition Position { get; } = new("environment", 1, 1);

    internal MappingNode Fill(MappingNode root, ProblemList problems)
    {
        if (Value("HOMELAB_STATE") is { } state) root = FillSection(root, "server", null, [("state", state)]);
        if (Value("CAPABILITY_LEVEL") is { } level) root = FillLevel(root, level, problems);
        if (Value("UPTIME_KUMA_URL") is { } kuma && Address("UPTIME_KUMA_URL", kuma, problems))
        {
            root = FillProvider(root, "kuma", [("url", kuma), ("apiKey", Reference("UPTIME_KUMA_API_KEY"))]);
        }
        else if (Value("UPTIME_KUMA_API_KEY") is not null && Section(root, "providers", "kuma") is not null)
        {
            root = FillProvider(root, "kuma", [("apiKey", Reference("UPTIME_KUMA_API_KEY"))]);
        }

        if (Value("TELEGRAM_BOT_TOKEN") is not null && Value("TELEGRAM_CHAT_ID") is not null)
        {
            root = FillSection(root, "notify", "telegram", [("token", Reference("TELEGRAM_BOT_TOKEN")), ("chat", Reference("TELEGRAM_CHAT_ID"))]);
        }

        root = FillAppliance(root, "opnsense", "OPNSENSE_HOST", [("key", Reference("OPNSENSE_API_KEY")), ("secret", Reference("OPNSENSE_API_SECRET"))], problems);
        root = FillAppliance(root, "truenas", "TRUENAS_HOST", [("apiKey", Reference("TRUENAS_API_KEY"))], problems);
        return FillProxmox(root, problems);
    }

    // A name or an address alone is asked by https: what is said of a certificate of its own is the lab file's.
    private MappingNode FillAppliance(MappingNode root, string provider, string variable, (string Key, string? Value)[] credential, ProblemList problems)
    {
        if (!providerSettings.ContainsKey(provider)) return root;
        if (Value(variable) is { } host)
        {
            var url = host.Contains("://", StringComparison.Ordinal) ? host : $"https://{host}";
            return Address(variable, url, problems) ? FillProvider(root, provider, [("url", url), .. credential]) : root;
        }

        return Section(root, "providers", provider) is not null ? FillProvider(root, provider, credential) : root;
    }

    private static MappingNode FillLevel(MappingNode root, string level, ProblemList problems)
    {
        if (int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= s_levels.Length)
        {
            return FillSection(root, "access", null, [("mcp", s_levels[number - 1])]);
        }

        problems.Add(
            Position,
            "CAPABILITY_LEVEL",
            $"is {ProblemList.Show(level)}, not a level",
            "Set it to 1 (monitor), 2 (operate), 3 (configure) or 4 (manage), or write access.mcp into the lab file.");
        return root;
    }

    private MappingNode FillProxmox(MappingNode root, ProblemList problems)
    {
        if (!providerSettings.ContainsKey("proxmox") || Value("PROXMOX_HOST") is not { } host) return root;
        var url = host.Contains("://", StringComparison.Ordinal) ? host : $"https://{host}:{ProxmoxPort}";
        if (!Address("PROXMOX_HOST", url, problems)) return root;
        // A credential in the file is whole; a part of another beside it would make it ambiguous.
        var hasOwn = Section(root, "providers", "proxmox") is MappingNode own && (own.ValueOf("token") ?? own.ValueOf("login")) is not null;
        return FillProvider(root, "proxmox", [("url", url), .. hasOwn ? Array.Empty<(string, string?)>() : [("tokenId", Value("PROXMOX_TOKEN_ID")), ("tokenSecret", Reference("PROXMOX_TOKEN_SECRET"))]]);
    }

    private MappingNode FillProvider(MappingNode root, string provider, (string Key, string? Value)[] values) =>
        providerSettings.ContainsKey(provider) ? FillSection(root, "providers", provider, values) : root;

    // What the file says is never replaced, not even when it is of the wrong kind: that is for the binder to say.
    private static MappingNode FillSection(MappingNode root, string section, string? entry, (string Key, string? Value)[] values)
    {
        if (entry is null) return Put(root, section, values);
        if (root.ValueOf(section) is not { } node) return root.With(new MappingEntry(section, Position, Put(new MappingNode(Position, []), entry, values)));
        return node is MappingNode mapping ? root.With(new MappingEntry(section, root.Find(section)!.At, Put(mapping, entry, values))) : root;
    }

    private static MappingNode Put(MappingNode parent, string key, (string Key, string? Value)[] values)
    {
        var node = parent.ValueOf(key) ?? new MappingNode(Position, []);
        if (node is not MappingNode mapping) return parent;
        foreach (var (name, value) in values)
        {
            if (value is null || mapping.ValueOf(name) is not null) continue;
            mapping = mapping.With(new MappingEntry(name, Position, new ScalarNode(Position, value, isPlain: false)));
        }

        return parent.With(new MappingEntry(key, parent.Find(key)?.At ?? Position, mapping));
    }

    private static bool Address(string variable, string value, ProblemList problems)
    {
        if (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0) return true;
        problems.Add(
            Position,
            variable,
            "is not an http or https address",
            "Set it to an address such as http://100.64.0.2:3001, without user name and password.");
        return false;
    }

    private static Node? Section(MappingNode root, string section, string entry) => (root.ValueOf(section) as MappingNode)?.ValueOf(entry);

    private string? Reference(string variable) => Value(variable) is null ? null : $"env:{variable}";

    private string? Value(string variable) => environment(variable) is { Length: > 0 } value ? value : null;
}
