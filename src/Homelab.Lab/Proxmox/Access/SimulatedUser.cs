namespace Homelab.Lab.Proxmox;

/// <summary>A user of the simulated cluster.</summary>
internal sealed class SimulatedUser(string id)
{
    /// <summary>Name and realm: <c>root@pam</c>.</summary>
    internal string Id { get; } = id;

    internal string? Password { get; set; }

    /// <summary>The shared secret of the second factor, in base32; null without one.</summary>
    internal string? TotpSecret { get; set; }

    internal string? Comment { get; set; }

    internal string? Email { get; set; }

    internal bool Enabled { get; set; } = true;

    /// <summary>When it ends, in seconds since 1970; 0 for never.</summary>
    internal long Expires { get; set; }

    internal List<string> Groups { get; } = [];

    internal Dictionary<string, SimulatedToken> Tokens { get; } = new(StringComparer.Ordinal);
}

/// <summary>An API token.</summary>
/// <param name="Secret">What proves it.</param>
/// <param name="Separated">True when it has only the rights that it was given itself, as far as its user has them.</param>
internal sealed record SimulatedToken(string Secret, bool Separated)
{
    internal string? Comment { get; init; }

    internal long Expires { get; init; }
}

/// <summary>One line of the access control list.</summary>
/// <param name="Path">Where: <c>/vms/100</c>.</param>
/// <param name="Kind"><c>user</c>, <c>group</c> or <c>token</c>.</param>
/// <param name="Who">Its id.</param>
/// <param name="Role">The role it has there.</param>
/// <param name="Propagate">True when it has it below too.</param>
public sealed record SimulatedAcl(string Path, string Kind, string Who, string Role, bool Propagate = true);
