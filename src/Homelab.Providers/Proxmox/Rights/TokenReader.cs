using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Reads what a token may do, and judges it.</summary>
internal sealed class TokenReader(ProxmoxWire wire)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(30);

    /// <summary>All findings, worst first within each level.</summary>
    /// <remarks><c>GET /access/permissions</c>, <c>/version</c>, <c>/cluster/resources?type=vm</c>, <c>/access/users/{user}/token/{token}</c>.</remarks>
    internal async Task<IReadOnlyList<TokenFinding>> ReadAsync(Level? level, bool exec, bool update, CancellationToken cancellationToken)
    {
        var permissions = wire.GetAsync($"/access/permissions", ProxmoxJson.Default.DictionaryStringDictionaryStringBoolean, cancellationToken);
        var version = wire.GetAsync($"/version", ProxmoxJson.Default.VersionWire, cancellationToken);
        var guests = wire.GetAsync($"/cluster/resources", new ProxmoxForm { { "type", "vm" } }, ProxmoxJson.Default.ResourceWireArray, cancellationToken);
        await Task.WhenAll(permissions, version, guests).ConfigureAwait(false);
        var held = new HeldRights(await permissions.ConfigureAwait(false));
        var findings = new List<TokenFinding>(new TokenJudge(held, MajorOf((await version.ConfigureAwait(false)).Version), level, exec, update).Judge());
        findings.AddRange(Seen((await guests.ConfigureAwait(false)).Length, held.Where("VM.Audit", RightPath.Guests)));
        findings.AddRange(await ReadTokenAsync(cancellationToken).ConfigureAwait(false));
        return [.. findings.OrderBy(static f => f.Level ?? TokenLevel.Update + 1).ThenBy(static f => f.Status)];
    }

    private static IEnumerable<TokenFinding> Seen(int guests, IReadOnlyList<string> where)
    {
        if (guests > 0 || where.Count == 0) yield break;
        yield return new TokenFinding
        {
            Status = TokenStatus.Warning,
            Privilege = "VM.Audit",
            Path = string.Join(", ", where),
            Detail = "it may look at guests there, and sees none: there are none, or a role further down takes the right away",
            Fix = "Look at Datacenter, Permissions, and at the members of the pool.",
        };
    }

    private async Task<IReadOnlyList<TokenFinding>> ReadTokenAsync(CancellationToken cancellationToken)
    {
        if (wire.User is not { } user || user.Split('!') is not [var owner, var name])
        {
            return [Said($"Proxmox is asked by a login of {wire.User ?? "a user"}, not by a token: these are the rights of the user", "A token can be revoked alone, and have less rights than its user: New-HlProxmoxTokenScript.")];
        }

        TokenWire token;
        try
        {
            token = await wire.GetAsync($"/access/users/{owner}/token/{name}", ProxmoxJson.Default.TokenWire, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            // A token needs User.Modify to look at itself, which it should not have.
            return [];
        }

        var findings = new List<TokenFinding>();
        if (token.Separated is false) findings.Add(Said($"{user} has no privilege separation: it may do all that {owner} may", "Make it anew with --privsep 1, and give it rights of its own: New-HlProxmoxTokenScript."));
        if (token.Expires is { } seconds and > 0 && DateTimeOffset.FromUnixTimeSeconds(seconds) is var end && end - wire.Time.GetUtcNow() < s_soon)
        {
            findings.Add(Said(string.Create(CultureInfo.InvariantCulture, $"{user} expires on {end:yyyy-MM-dd HH:mm} UTC"), $"pveum user token modify {owner} {name} --expire 0, or a later time, keeps it."));
        }

        return findings;
    }

    private static TokenFinding Said(string detail, string fix) => new() { Status = TokenStatus.Warning, Detail = detail, Fix = fix };

    // What nobody has seen yet will be like what is newest.
    private static int MajorOf(string? version) =>
        int.TryParse((version ?? "").Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 9;
}
