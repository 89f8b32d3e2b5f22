using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Judges the rights of a token by what the operations of a level need: what is there, what is missing, and what is too much.</summary>
internal sealed class TokenJudge(HeldRights held, int major, Level? level, bool exec, bool update)
{
    private const int MostNames = 3;

    // More than this on everything is an administrator, whatever the role is called.
    private const int ManyRights = 20;

    // What somebody could do with the token who should not have it.
    private static readonly Dictionary<string, string> s_dangers = new(StringComparer.Ordinal)
    {
        ["Permissions.Modify"] = "it can give itself every other right",
        ["User.Modify"] = "it can change users and make tokens of theirs",
        ["Realm.Allocate"] = "it can change who may log in",
        ["Realm.AllocateUser"] = "it can let others log in",
        ["Sys.Modify"] = "it can change the nodes themselves: network, certificates, firewall, packages",
        ["Sys.Console"] = "it can open a console of the nodes",
        ["Sys.PowerMgmt"] = "it can switch the nodes off",
        ["Sys.AccessNetwork"] = "it can make the nodes fetch from any address",
        ["Sys.Incoming"] = "it can let other clusters' guests in",
        ["Datastore.Allocate"] = "it can remove storages, and every volume and backup on them",
        ["VM.GuestAgent.Unrestricted"] = "it can run any command in guests, as root",
        ["VM.GuestAgent.FileWrite"] = "it can write any file in guests, as root",
        ["VM.GuestAgent.FileRead"] = "it can read any file in guests, as root",
        ["VM.Monitor"] = "it can do with QEMU's monitor and the guest agent what it likes, commands as root among it",
        ["Mapping.Modify"] = "it can hand the nodes' devices to guests",
    };

    /// <summary>All that is to be said of the rights.</summary>
    internal IEnumerable<TokenFinding> Judge() => [.. Needs(), .. Parts(), .. TooMuch(), .. Wide()];

    /// <summary>The level to speak of where a fix has to name one.</summary>
    private string LevelName => (level ?? Level.Manage).ToString();

    private bool IsAsked(TokenLevel of) => of switch
    {
        TokenLevel.Exec => exec,
        TokenLevel.Update => update,
        _ => level is not { } most || (int)of <= (int)most,
    };

    private IEnumerable<TokenFinding> Needs()
    {
        foreach (var need in Rights.Needed.Where(n => IsAsked(n.Level)))
        {
            var name = need.Right.NameOn(major);
            var where = Where(need.Right);
            yield return new TokenFinding
            {
                Level = need.Level,
                Status = where.Count > 0 ? TokenStatus.Ok : TokenStatus.Missing,
                Privilege = name,
                Path = where.Count > 0 ? Few(where) : Rights.PathOf(need.Right.On),
                Detail = $"for {Few(need.Operations)}",
                Fix = where.Count > 0 ? "" : $"New-HlProxmoxTokenScript {Arguments(need.Level)} prints the lines that grant it; a token with privilege separation needs it beside its user.",
            };
        }
    }

    private IEnumerable<TokenFinding> Parts() => Rights.Partial
        .Where(p => IsAsked(p.Level) && Where(p.Right).Count == 0)
        .Select(p => new TokenFinding
        {
            Level = p.Level,
            Status = TokenStatus.Warning,
            Privilege = p.Right.NameOn(major),
            Path = Rights.PathOf(p.Right.On),
            Detail = $"{Few(p.Operations)} needs it for {p.Right.Only}",
            Fix = "Grant it where you want that; without it all else works.",
        });

    private IEnumerable<TokenFinding> TooMuch()
    {
        var needed = Rights.Needed.Concat(Rights.Partial)
            .Where(n => IsAsked(n.Level))
            .SelectMany(n => new[] { n.Right.NameOn(major), n.Right.OrElse })
            .OfType<string>()
            // That something needs it for a part of its work does not make it harmless.
            .Except(Rights.Partial.Where(p => s_dangers.ContainsKey(p.Right.Privilege) && !Rights.Needed.Any(n => IsAsked(n.Level) && n.Right.Privilege == p.Right.Privilege)).Select(static p => p.Right.Privilege), StringComparer.Ordinal)
            .Except(exec ? [] : ["VM.GuestAgent.Unrestricted"], StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
        string[] surplus = [.. held.Privileges.Where(p => !needed.Contains(p))];
        foreach (var privilege in surplus.Where(s_dangers.ContainsKey))
        {
            yield return new TokenFinding
            {
                Status = TokenStatus.Surplus,
                Privilege = privilege,
                Path = Few(held.PathsOf(privilege)),
                Detail = $"{s_dangers[privilege]}; {Unneeded(privilege)}",
                Fix = $"Take it away, or make a token with no more than it needs: New-HlProxmoxTokenScript -Level {LevelName}.",
            };
        }

        string[] harmless = [.. surplus.Where(static s => !s_dangers.ContainsKey(s))];
        if (harmless.Length == 0) yield break;
        yield return new TokenFinding
        {
            Status = TokenStatus.Surplus,
            Privilege = string.Join(' ', harmless),
            Path = Few([.. harmless.SelectMany(held.PathsOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]),
            Detail = level is null ? "no operation needs it" : $"no operation up to level {LevelName} needs it",
            Fix = $"A token with no more than it needs: New-HlProxmoxTokenScript -Level {LevelName}.",
        };
    }

    private IEnumerable<TokenFinding> Wide()
    {
        if (held.OnRoot.Count > ManyRights)
        {
            yield return new TokenFinding
            {
                Status = TokenStatus.Warning,
                Path = "/",
                Detail = string.Create(CultureInfo.InvariantCulture, $"it is an administrator: {held.OnRoot.Count} privileges on everything, whatever is made later too"),
                Fix = "Give it a role of its own where it is needed: New-HlProxmoxTokenScript, with -Path /pool/name for the guests of one pool.",
            };
        }

        if (held.Where("VM.Audit", RightPath.Guests).Count == 0)
        {
            yield return new TokenFinding
            {
                Status = TokenStatus.Warning,
                Privilege = "VM.Audit",
                Path = Rights.PathOf(RightPath.Guests),
                Detail = "it may see no guest, and lists come back empty then, not refused: that Get-HlVm finds nothing says nothing",
                Fix = "New-HlProxmoxTokenScript prints the lines that let it look.",
            };
        }
    }

    private IReadOnlyList<string> Where(Right right)
    {
        var where = held.Where(right.NameOn(major), right.On);
        return where.Count == 0 && major >= 9 && right.OrElse is { } other ? held.Where(other, right.On) : where;
    }

    private string Unneeded(string privilege) =>
        Rights.Needed.FirstOrDefault(n => n.Right.NameOn(major) == privilege) is { } need ? $"only {Few(need.Operations)} needs it"
        : Rights.Partial.FirstOrDefault(p => p.Right.NameOn(major) == privilege) is { } part ? $"only {Few(part.Operations)} needs it, for {part.Right.Only}"
        : "no operation needs it";

    private string Arguments(TokenLevel of) => of switch
    {
        TokenLevel.Exec => $"-Level {LevelName} -GuestExec",
        TokenLevel.Update => $"-Level {LevelName} -Update",
        _ => $"-Level {(level ?? (Level)(int)of)}",
    };

    private static string Few(IReadOnlyList<string> names) => names.Count <= MostNames
        ? string.Join(", ", names)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more");
}
