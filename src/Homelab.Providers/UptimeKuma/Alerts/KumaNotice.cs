using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Reads the notices that come without heartbeat and monitor: the test button and certificates that expire. Their text is all there is.</summary>
/// <remarks>Uptime Kuma: <c>sendCertNotificationByTargetDays</c> in <c>server/model/monitor.js</c>; <c>testNotification</c> in <c>server/server.js</c>.</remarks>
internal static class KumaNotice
{
    private const int LongestText = 4096;
    private const string TestEnding = " Testing";
    private const string DaysEnding = " days";

    // 2.x, then 1.x.
    private static readonly string[] s_expires = [" will expire in ", " will be expired in "];

    internal static Alert Read(string? text, DateTimeOffset receivedAt)
    {
        if (string.IsNullOrWhiteSpace(text)) throw KumaJson.Unreadable("heartbeat and monitor are null and msg is empty; expected a test or certificate notice");
        if (text.Length > LongestText) throw KumaJson.Unreadable($"msg is {text.Length} characters long; expected at most {LongestText}");
        if (ReadCertificate(text, receivedAt) is { } certificate) return certificate;
        if (text.EndsWith(TestEnding, StringComparison.Ordinal))
        {
            return new Alert
            {
                Source = KumaNames.Provider,
                Status = AlertStatus.Test,
                Message = KumaAlertReader.Message(text),
                At = receivedAt,
                // A delivery that is tried again comes within seconds; whoever presses the button again a minute later means it.
                Fingerprint = $"kuma:test:{receivedAt.UtcDateTime:yyyy-MM-ddTHH:mm}:{Hash(text)}",
            };
        }

        throw KumaJson.Unreadable(
            $"heartbeat and monitor are null and msg is \"{ForeignText.Clean(text, 80)}\"; expected \"… Testing\" or \"[name][url] … certificate … will expire in N days\"");
    }

    // "[name][url] server certificate localhost will expire in 4 days". The name ends at the first bracket that a URL follows, the URL at the first bracket
    // that a blank follows: what comes after, the certificate's own name, is written by whoever made the certificate and must not be able to move either.
    private static Alert? ReadCertificate(string text, DateTimeOffset receivedAt)
    {
        if (text[0] != '[' || !text.EndsWith(DaysEnding, StringComparison.Ordinal) || DaysLeft(text) is not { } days) return null;
        var url = UrlStart(text);
        if (url < 0 || text.IndexOf("] ", url, StringComparison.Ordinal) is not (> 0 and var end)) return null;
        if (!text.AsSpan(end).Contains(" certificate ", StringComparison.Ordinal)) return null;
        var said = text[url..end];
        var address = KumaAlertReader.Address(said);
        return new Alert
        {
            Source = KumaNames.Provider,
            Status = AlertStatus.Certificate,
            Subject = KumaAlertReader.Name(text[1..(url - 2)], "the monitor's name in msg"),
            Address = address,
            Message = KumaAlertReader.Message(address is null ? text : text.Replace(said, address, StringComparison.Ordinal)),
            At = receivedAt,
            DaysLeft = days,
            // The text holds the days left, so the same certificate cannot say it again on another day; the next year's can, and is news.
            Fingerprint = $"kuma:certificate:{receivedAt.UtcDateTime:yyyy-MM-dd}:{Hash(text)}",
        };
    }

    private static int? DaysLeft(string text)
    {
        foreach (var words in s_expires)
        {
            var at = text.LastIndexOf(words, StringComparison.Ordinal);
            if (at < 0 || at + words.Length > text.Length - DaysEnding.Length) continue;
            var number = text.AsSpan(at + words.Length, text.Length - DaysEnding.Length - at - words.Length);
            if (int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)) return days;
        }

        return null;
    }

    private static int UrlStart(string text)
    {
        for (var at = text.IndexOf("][", StringComparison.Ordinal); at >= 0; at = text.IndexOf("][", at + 1, StringComparison.Ordinal))
        {
            var rest = text.AsSpan(at + 2);
            var scheme = rest.IndexOf("://", StringComparison.Ordinal);
            if (scheme is > 0 and < 20 && !rest[..scheme].ContainsAnyExceptInRange('a', 'z')) return at + 2;
        }

        return -1;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
