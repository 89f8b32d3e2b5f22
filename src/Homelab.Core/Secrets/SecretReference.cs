using System.Diagnostics.CodeAnalysis;

namespace Homelab;

/// <summary>Where a secret is kept: <c>env:NAME</c>, <c>file:path</c>, <c>vault:name</c> or <c>vault:VaultName/name</c>. Safe to print.</summary>
public sealed record SecretReference : IParsable<SecretReference>
{
    private SecretReference(string scheme, string name)
    {
        Scheme = scheme;
        Name = name;
    }

    /// <summary><c>env</c>, <c>file</c> or <c>vault</c>.</summary>
    public string Scheme { get; }

    /// <summary>The variable, the path (relative to the lab file) or the entry's name.</summary>
    public string Name { get; }

    /// <summary>For a <c>vault:</c> reference, the vault and the entry in it: <c>Home</c> and <c>kuma</c> of <c>vault:Home/kuma</c>. No vault means the default one.</summary>
    public (string? Vault, string Name) Entry => Name.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (Name[..slash], Name[(slash + 1)..]) : (null, Name);

    /// <inheritdoc/>
    public static SecretReference Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var reference)
            ? reference
            // The text itself may be the secret that somebody pasted: it is not repeated.
            : throw new FormatException("a secret must be a reference: env:NAME, file:path or vault:name");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SecretReference result)
    {
        result = null;
        if (s is null || s.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon) || colon == s.Length - 1) return false;
        var scheme = s[..colon];
        if (scheme is not ("env" or "file" or "vault")) return false;
        // A vault without an entry, or an entry of a nameless vault, can mean nothing.
        if (scheme == "vault" && (s[colon + 1] == '/' || s[^1] == '/')) return false;
        result = new SecretReference(scheme, s[(colon + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}:{Name}";
}
