using Homelab.SystemTests;
using Homelab.SystemTests.Clustering;
using Homelab.SystemTests.Kill;
using Homelab.SystemTests.Peers;
using Homelab.SystemTests.RealParts;
using Homelab.SystemTests.Rehearsals;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Homelab.SystemTests;

/// <summary>Begins with those that take longest: one that begins late is waited for alone, while nothing else is left to run beside it.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // From one minute on, by what they took on two cores.
    private static readonly string[] s_longest =
    [
        SharedDockerd.Name,
        typeof(TakeOverTests).FullName!,
        typeof(RehearsalTests).FullName!,
        MachinesInDocker.Name,
        typeof(KillTests).FullName!,
        typeof(MoreMemoryTests).FullName!,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(static c => Place(c)).ThenBy(static c => c.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(s_longest, name => collection.TestCollectionDisplayName == name || collection.TestCollectionDisplayName.Contains($" {name} (", StringComparison.Ordinal));
        return place < 0 ? s_longest.Length : place;
    }
}
