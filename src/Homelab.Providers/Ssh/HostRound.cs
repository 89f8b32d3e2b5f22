using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Asks one host, those of a pattern, or all that can be logged in to, at once. One that fails does not keep the others from being told; its failure comes last.</summary>
internal static class HostRound
{
    /// <summary>What the hosts say, as it comes.</summary>
    /// <param name="hosts">The way to them.</param>
    /// <param name="host">A name, a pattern, or null for all.</param>
    /// <param name="ask">What to ask each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException"><c>SshHostNotFound</c> (NotFound): there is none at all; what a host threw, or one for those of several.</exception>
    internal static async IAsyncEnumerable<T> AskAsync<T>(
        IRemoteHosts hosts,
        string? host,
        Func<string, CancellationToken, Task<HostAnswer<T>>> ask,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chosen = Choose(hosts, host);
        if (chosen.Count == 0) yield break;
        await foreach (var item in SourceMerge.MergeAsync(chosen, OfAsync, HostErrors.Several, endless: false, cancellationToken).ConfigureAwait(false)) yield return item;

        async IAsyncEnumerable<T> OfAsync(string name, [EnumeratorCancellation] CancellationToken ending)
        {
            var answer = await ask(name, ending).ConfigureAwait(false);
            foreach (var item in answer.Items) yield return item;
            if (answer.Failure is { } failure) throw failure;
        }
    }

    /// <summary>What a look at hosts is about.</summary>
    internal static Target About(string? host) => host is null || Wildcard.IsPattern(host) ? Target.Lab : new Target("host", host);

    /// <summary>A host as the lab file writes it; as it was given where the lab has none of that name: the way to it says so.</summary>
    internal static string Named(IRemoteHosts hosts, string host) => hosts.Hosts.FirstOrDefault(h => string.Equals(h, host, StringComparison.OrdinalIgnoreCase)) ?? host;

    private static IReadOnlyList<string> Choose(IRemoteHosts hosts, string? host)
    {
        if (host is null) return hosts.Hosts.Count > 0 ? hosts.Hosts : throw HostErrors.NoHosts();
        return Wildcard.IsPattern(host) ? [.. hosts.Hosts.Where(h => Wildcard.Matches(host, h))] : [Named(hosts, host)];
    }
}

/// <summary>What a host told, and what of it could not be told.</summary>
/// <param name="Items">What it told.</param>
/// <param name="Failure">What is wrong with the rest; comes after the items.</param>
internal sealed record HostAnswer<T>(IReadOnlyList<T> Items, HomelabException? Failure = null);
