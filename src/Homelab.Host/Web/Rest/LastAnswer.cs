using System.Diagnostics.CodeAnalysis;

namespace Homelab.Host.Web.Rest;

/// <summary>The last good answer of a route, for the time when Proxmox cannot be reached. It is only ever given to whom the gate has let ask.</summary>
internal sealed class LastAnswer<T>(TimeProvider time)
    where T : class
{
    private volatile Kept? _kept;

    /// <summary>How old an answer may be and still say something.</summary>
    internal static TimeSpan Longest { get; } = TimeSpan.FromMinutes(10);

    internal void Keep(T answer) => _kept = new Kept(answer, time.GetTimestamp());

    internal bool TryRecall([NotNullWhen(true)] out T? answer, out TimeSpan age)
    {
        answer = null;
        age = TimeSpan.Zero;
        if (_kept is not { } kept) return false;
        age = time.GetElapsedTime(kept.At);
        if (age > Longest) return false;
        answer = kept.Answer;
        return true;
    }

    private sealed record Kept(T Answer, long At);
}
