using System.Collections.Frozen;

namespace Homelab.Automation.Expressions;

/// <summary>The functions there are, with how many values each takes. <c>exists</c> and <c>default</c> are the only ones that bear a missing value.</summary>
internal static class Functions
{
    internal static FrozenDictionary<string, int> Arity { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["contains"] = 2,
        ["startsWith"] = 2,
        ["endsWith"] = 2,
        ["matches"] = 2,
        ["lower"] = 1,
        ["upper"] = 1,
        ["len"] = 1,
        ["first"] = 1,
        ["exists"] = 1,
        ["default"] = 2,
        ["max"] = 2,
        ["filter"] = 3,
        ["lines"] = 3,
        ["times"] = 3,
        ["bytes"] = 1,
        ["daysUntil"] = 1,
        ["has"] = 1,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
