using System.Collections.Concurrent;

namespace Homelab;

/// <summary>Replaces every secret that was opened in this process by <c>***</c>, in texts that come from elsewhere: error messages, log lines, audit entries.</summary>
public sealed class SecretRedactor
{
    // Shorter values would also hit innocent text.
    private const int ShortestWorthHiding = 4;

    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);

    /// <summary>Remembers a secret that was opened.</summary>
    public void Learn(Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var value = secret.Reveal();
        if (value.Length < ShortestWorthHiding) return;
        _known.TryAdd(value, 0);
        // A token in a URL is met percent-encoded as well.
        _known.TryAdd(Uri.EscapeDataString(value), 0);
    }

    /// <summary>The same text without any secret known so far.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Longest first: a short secret may be part of a longer one.
        foreach (var value in _known.Keys.OrderByDescending(static v => v.Length))
        {
            text = text.Replace(value, Secret.Mask, StringComparison.Ordinal);
        }

        return text;
    }
}
