using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Homelab;

/// <summary>Links audit lines by hashes, and finds where a chain was cut, changed or reordered.</summary>
public static class AuditChain
{
    /// <summary>What the first line holds in place of a previous hash.</summary>
    public static string Root { get; } = new('0', 64);

    /// <summary>The same entry as the next link of the chain.</summary>
    public static AuditEntry Link(AuditEntry entry, long sequence, string previousHash)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var linked = entry with { Sequence = sequence, PreviousHash = previousHash };
        return linked with { Hash = HashOf(linked) };
    }

    /// <summary>Walks a chain from its beginning and stops at the first line that does not hold.</summary>
    public static async Task<AuditVerdict> VerifyAsync(IAsyncEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var expected = 1L;
        var previous = Root;
        await foreach (var entry in entries.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Sequence != expected) return Broken(entry, $"line {expected} is missing; line {entry.Sequence} follows line {expected - 1}");
            if (entry.PreviousHash != previous) return Broken(entry, $"line {entry.Sequence} does not follow line {expected - 1}: its previous hash differs");
            if (entry.Hash != HashOf(entry)) return Broken(entry, $"line {entry.Sequence} was changed: its hash does not fit its content");
            previous = entry.Hash;
            expected++;
        }

        return new AuditVerdict(true, expected - 1, previous, null);

        AuditVerdict Broken(AuditEntry entry, string reason) => new(false, entry.Sequence, previous, reason);
    }

    private static string HashOf(AuditEntry entry)
    {
        // Each field with its length before it: no two different entries write the same text.
        var text = new StringBuilder(512);
        Add(entry.PreviousHash);
        Add(entry.Sequence.ToString(CultureInfo.InvariantCulture));
        Add(entry.Time.UtcTicks.ToString(CultureInfo.InvariantCulture));
        Add(entry.Kind.ToString());
        Add(entry.Operation);
        Add(entry.Target);
        Add(entry.Trigger);
        Add(entry.Identity);
        Add(entry.Decision);
        Add(entry.Result);
        Add(entry.Error);
        Add(entry.Elapsed?.Ticks.ToString(CultureInfo.InvariantCulture) ?? "");
        Add(entry.Incident);
        Add(entry.Run);
        Add(entry.Change);
        Add(entry.Approval);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Add(string field) => text.Append(field.Length).Append(':').Append(field).Append('\n');
    }
}

/// <summary>What a walk along the audit found.</summary>
/// <param name="Intact">True when every line holds.</param>
/// <param name="Line">The last line that was read: the length of the chain, or the first line that does not hold.</param>
/// <param name="Head">The hash of the last good line; note it elsewhere, and a later cut of the tail shows.</param>
/// <param name="Reason">Why it does not hold; null when it does.</param>
public sealed record AuditVerdict(bool Intact, long Line, string Head, string? Reason);
