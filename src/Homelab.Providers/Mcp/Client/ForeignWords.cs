namespace Homelab.Providers.Mcp;

/// <summary>What a server says, fit to be shown: cleaned, cut, and without the secrets that it was given and may give back.</summary>
internal sealed class ForeignWords
{
    // A secret that begins before the cut is masked as a whole.
    private const int Margin = 4096;

    private readonly SecretRedactor _redactor = new();

    internal void Learn(Secret secret) => _redactor.Learn(secret);

    /// <summary>Cleaned first: a secret may have been given back with something invisible in it.</summary>
    internal string Clean(string? text, int longest) => text is null ? "" : ForeignText.Cut(_redactor.Redact(ForeignText.Clean(text, longest + Margin)), longest);

    /// <summary>The end of a text.</summary>
    internal string CleanEnd(string text, int longest)
    {
        var clean = _redactor.Redact(ForeignText.Clean(text, text.Length + 1));
        if (clean.Length <= longest) return clean;
        var from = clean.Length - longest + 1;
        return "…" + clean[(char.IsLowSurrogate(clean[from]) ? from + 1 : from)..];
    }
}
