using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Control;

/// <summary>Reads a fault from a query: <c>?kind=slow&amp;delay=2s</c>. It lasts until it is taken away, unless <c>times</c> says how many requests it meets.</summary>
/// <typeparam name="TKind">What can go wrong.</typeparam>
internal sealed record FaultQuery<TKind>(TKind Kind, int Times, TimeSpan Delay, string Method, string Path)
    where TKind : struct, Enum
{
    private static readonly TimeSpan s_usualDelay = TimeSpan.FromSeconds(2);

    private static readonly string[] s_keys = ["kind", "times", "delay", "method", "path"];

    private static readonly Dictionary<string, TKind> s_kinds = Enum.GetValues<TKind>().ToDictionary(HomelabNames.Of, StringComparer.OrdinalIgnoreCase);

    /// <summary>False with what is wrong and how to put it right.</summary>
    internal static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out FaultQuery<TKind>? fault, [NotNullWhen(false)] out string? mistake)
    {
        fault = null;
        var times = int.MaxValue;
        var delay = s_usualDelay;
        mistake = query.Keys.FirstOrDefault(k => !s_keys.Contains(k, StringComparer.Ordinal)) is { } unknown ? $"'{unknown}' is not known. Give {string.Join(", ", s_keys)}." : null;
        mistake ??= s_kinds.ContainsKey(query["kind"].ToString()) ? null : $"kind '{query["kind"]}' is no fault. Give one of {string.Join(", ", s_kinds.Keys)}.";
        mistake ??= query.ContainsKey("times") && !(int.TryParse(query["times"], NumberStyles.None, CultureInfo.InvariantCulture, out times) && times > 0) ? $"times '{query["times"]}' is no number of requests. Give 1 or more." : null;
        mistake ??= query.ContainsKey("delay") && !Duration.TryParse(query["delay"], out delay) ? $"delay '{query["delay"]}' is no duration. Give one such as 2s." : null;
        if (mistake is not null) return false;
        fault = new FaultQuery<TKind>(s_kinds[query["kind"].ToString()], times, delay, Given(query, "method"), Given(query, "path"));
        return true;
    }

    private static string Given(IQueryCollection query, string key) => query[key].ToString() is { Length: > 0 } value ? value : "*";
}
