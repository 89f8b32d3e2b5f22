using System.Text;

namespace Homelab.Configuration;

/// <summary>Writes a first lab as YAML with comments for whoever goes on with it.</summary>
public static class LabDraftText
{
    /// <summary>The text of the lab file.</summary>
    public static string Of(LabDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var text = new StringBuilder();
        // Comments are ours alone: a value in one could end its line and become a key.
        text.Append("# What this homelab is made of, and what may be done to it. 'homelab check' says what is wrong with it, and how to mend it.\n");
        text.Append($"apiVersion: {Resource.ApiVersion}\nkind: {Resource.Lab}\nmetadata: {{ name: {YamlText.Of(draft.Name)} }}\n");
        WriteHosts(text, draft.Hosts);
        if (draft.Kuma is { } kuma)
        {
            text.Append("\n# The systems that are asked. A secret is never written here, only where it is kept: env:NAME, file:path or vault:name.\nproviders:\n");
            text.Append($"  kuma: {{ {Pairs(("url", kuma.Url.OriginalString), ("apiKey", kuma.ApiKey?.ToString()))} }}\n");
        }

        WriteServices(text, draft.Services);
        text.Append("\n# What needs two confirmations before it is touched: name, name@host or kind:name@host, with * and ?.\npolicy:\n");
        text.Append($"  protected: [{string.Concat(draft.Protected.Select(static (p, i) => (i == 0 ? " " : ", ") + YamlText.Of(p)))}{(draft.Protected.Count == 0 ? "" : " ")}]\n");
        if (draft.Telegram is { } telegram)
        {
            text.Append("\n# Where people are told, and asked.\n");
            text.Append($"notify:\n  telegram: {{ {Pairs(("token", telegram.Token.ToString()), ("chat", telegram.Chat.ToString()))} }}\n");
        }

        if (draft.HookToken is { } token)
        {
            text.Append("\n# The doors by which alerts come in. Uptime Kuma sends them to /hooks/uptime-alert with the header Authorization: Bearer <token>.\n");
            text.Append($"hooks:\n  uptime-alert: {{ {Pairs(("token", token.ToString()))} }}\n");
        }

        return text.ToString();
    }

    private static void WriteHosts(StringBuilder text, IReadOnlyList<DraftHost> hosts)
    {
        if (hosts.Count == 0) return;
        text.Append("\n# The machines, by the name that stands behind the @ elsewhere: gitea@dev. Best give tailnet addresses.\nhosts:\n");
        foreach (var host in hosts)
        {
            text.Append($"  {YamlText.Of(host.Name)}:{(host is { Address: "", Role: "", SshUser: null, Docker: null } ? " {}" : "")}\n");
            Write(text, "address", host.Address);
            Write(text, "role", host.Role);
            if (host.SshUser is { } user)
            {
                if (host.SshKey is not null) text.Append("    # A dedicated account, not root. Pin the machine's key with hostKey, or keep it in the file known_hosts beside this one.\n");
                text.Append($"    ssh: {{ {Pairs(("user", user), ("key", host.SshKey?.ToString()))} }}\n");
            }

            Write(text, "docker", host.Docker);
        }
    }

    private static void WriteServices(StringBuilder text, IReadOnlyList<DraftService> services)
    {
        if (services.Count == 0) return;
        text.Append("\n# What people care about. tier says how soon it must be back: critical, important (5m) or standard (30m); dependsOn names what it needs;\n");
        text.Append("# check says how to see that it works; hint tells a person where to look.\nservices:\n");
        foreach (var service in services)
        {
            text.Append($"  {YamlText.Of(service.Name)}:{(service is { Container: null, Monitor: null, Http: null } ? " {}" : "")}\n");
            Write(text, "container", service.Container?.ToString());
            Write(text, "monitor", service.Monitor);
            if (service.Http is { } http) text.Append($"    check: {{ {Pairs(("http", http.OriginalString))} }}\n");
        }
    }

    private static void Write(StringBuilder text, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value)) text.Append($"    {key}: {YamlText.Of(value)}\n");
    }

    private static string Pairs(params (string Key, string? Value)[] pairs) =>
        string.Join(", ", pairs.Where(static p => p.Value is not null).Select(static p => $"{p.Key}: {YamlText.Of(p.Value!)}"));
}
