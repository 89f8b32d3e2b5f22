using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Finds what containers share, on one host or on all: volumes and networks.</summary>
/// <param name="What">What it is: <c>Network</c>.</param>
/// <param name="Host">The host; all engines when null.</param>
/// <param name="Name">A name or a pattern; any when null.</param>
/// <param name="Stack">The stack that made it; any when null.</param>
/// <param name="Unused">Only what no container uses.</param>
internal sealed record PartSearch(string What, string? Host, string? Name, string? Stack, bool Unused)
{
    private const int ToldLength = 200;

    /// <exception cref="HomelabException"><c>Docker…NotFound</c> (NotFound), and what the engines throw.</exception>
    internal async IAsyncEnumerable<T> InAsync<T>(
        DockerEngines engines, Func<DockerClient, CancellationToken, Task<IReadOnlyList<T>>> list, Func<T, (string Name, string? Stack, bool IsUsed)> look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var item in SourceMerge.MergeAsync(engines.In(Host), ListAsync, DockerErrors.Several, endless: false, cancellationToken).ConfigureAwait(false))
        {
            var (name, stack, isUsed) = look(item);
            if (!IsMeant(name)) continue;
            found = true;
            if ((Stack is null || stack == Stack) && !(Unused && isUsed)) yield return item;
        }

        if (found || Name is null || Wildcard.IsPattern(Name)) yield break;
        var where = Host is null ? "" : $" on {Host}";
        throw new HomelabException(ErrorKind.NotFound, $"Docker{What}NotFound", $"There is no {What.ToLowerInvariant()} '{ForeignText.Clean(Name, ToldLength)}'{where}. Run Get-Hl{What} to list them.", Name);

        async IAsyncEnumerable<T> ListAsync(DockerClient engine, [EnumeratorCancellation] CancellationToken ending)
        {
            foreach (var item in await list(engine, ending).ConfigureAwait(false)) yield return item;
        }
    }

    private bool IsMeant(string name) => Name is null || (Wildcard.IsPattern(Name) ? Wildcard.Matches(Name, name) : string.Equals(Name, name, StringComparison.Ordinal));
}
