namespace Homelab.Lab.Proxmox;

public sealed partial class SimulatedProxmox
{
    private readonly Dictionary<string, string?> _pools = new(StringComparer.Ordinal);

    /// <summary>Pools and what is said of them.</summary>
    internal Dictionary<string, string?> Pools => _pools;

    /// <summary>Storages that are members of pools: storage, pool.</summary>
    internal Dictionary<string, string> StoragePools { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a user.</summary>
    /// <param name="id">Name and realm: <c>ops@pve</c>.</param>
    /// <param name="password">The password; null for one who cannot log in.</param>
    /// <param name="totpSecret">The shared secret of a second factor, in base32; null for none.</param>
    public void AddUser(string id, string? password = null, string? totpSecret = null)
    {
        lock (Sync) Access.Users[id] = new SimulatedUser(id) { Password = password, TotpSecret = totpSecret };
    }

    /// <summary>Adds an API token and gives its secret.</summary>
    /// <param name="user">Its user, who is added when there is none.</param>
    /// <param name="id">Its own name: <c>lab</c>.</param>
    /// <param name="separated">True when it has only the rights it is given here, as far as its user has them.</param>
    /// <param name="rights">Path and role of each.</param>
    public string AddToken(string user, string id, bool separated = false, params IReadOnlyList<(string Path, string Role)> rights)
    {
        ArgumentNullException.ThrowIfNull(rights);
        lock (Sync)
        {
            if (!Access.Users.ContainsKey(user)) AddUser(user);
            var secret = Guid.NewGuid().ToString();
            Access.Users[user].Tokens[id] = new SimulatedToken(secret, separated);
            foreach (var (path, role) in rights) Access.Allow(new SimulatedAcl(path, "token", $"{user}!{id}", role));
            Access.Changed();
            return secret;
        }
    }

    /// <summary>Gives a token the secret it must have, as a recording has it.</summary>
    public void AddToken(string user, string id, string secret)
    {
        lock (Sync)
        {
            if (!Access.Users.ContainsKey(user)) AddUser(user);
            Access.Users[user].Tokens[id] = new SimulatedToken(secret, Separated: false);
            Access.Changed();
        }
    }

    /// <summary>A token counts no more, even in the middle of things.</summary>
    /// <param name="token">User and name: <c>root@pam!lab</c>.</param>
    public void Revoke(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var (owner, name) = SimulatedAccess.Split(token);
        lock (Sync)
        {
            if (name is not null && Access.Users.TryGetValue(owner, out var user)) user.Tokens.Remove(name);
            Access.Changed();
        }
    }

    /// <summary>Gives rights.</summary>
    public void Allow(SimulatedAcl acl)
    {
        ArgumentNullException.ThrowIfNull(acl);
        Access.Allow(acl);
    }

    /// <summary>Takes all rights of somebody away, everywhere.</summary>
    public void Deny(string who)
    {
        lock (Sync)
        {
            Access.Acls.RemoveAll(a => a.Who == who);
            Access.Changed();
        }
    }

    /// <summary>Adds a role, or replaces one.</summary>
    public void AddRole(string name, params IReadOnlyList<string> privileges)
    {
        lock (Sync)
        {
            Access.Roles[name] = privileges.ToHashSet(StringComparer.Ordinal);
            Access.Changed();
        }
    }

    /// <summary>Adds a pool.</summary>
    public void AddPool(string name, string? comment = null)
    {
        lock (Sync) _pools[name] = comment;
    }

    /// <summary>The one-time password that counts now for a shared secret.</summary>
    public string TotpCode(string secret) => Totp.Code(secret, Time.GetUtcNow());

    private string? PoolOf(string path)
    {
        if (path.StartsWith("/vms/", StringComparison.Ordinal)) return int.TryParse(path.AsSpan("/vms/".Length), out var vmid) && _guests.TryGetValue(vmid, out var guest) ? guest.Pool : null;
        return path.StartsWith("/storage/", StringComparison.Ordinal) ? StoragePools.GetValueOrDefault(path["/storage/".Length..]) : null;
    }
}
