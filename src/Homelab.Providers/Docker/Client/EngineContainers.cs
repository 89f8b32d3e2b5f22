using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>
/// The containers of one engine, by its API; or, while that cannot be reached, by the <c>docker</c> program on its host over SSH, where the lab file gives a login. That an engine
/// refuses, distrusts us or hangs is no reason to go another way.
/// </summary>
internal sealed class EngineContainers(DockerContainers api, DockerCli? cli, DockerWire wire) : IContainerWay
{
    // Long enough that a story of several looks does not wait for each anew, short enough that an engine that is back is soon asked by its API again.
    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(15);

    private volatile Silence? _silence;

    /// <summary>How it is asked right now, for progress.</summary>
    internal string Asking => cli is not null && IsSilent(_silence) ? "its API does not answer; asking the docker program there by SSH" : "asking the engine";

    public Task<IReadOnlyList<Container>> ListAsync(CancellationToken cancellationToken) => AskAsync(way => way.ListAsync(cancellationToken));

    public Task<ContainerDetail> InspectAsync(string nameOrId, CancellationToken cancellationToken) => AskAsync(way => way.InspectAsync(nameOrId, cancellationToken));

    public Task<bool> StartAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) => AskAsync(way => way.StartAsync(id, timeout, cancellationToken));

    public Task<bool> StopAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken) => AskAsync(way => way.StopAsync(id, grace, timeout, cancellationToken));

    public Task<bool> RestartAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken) => AskAsync(way => way.RestartAsync(id, grace, timeout, cancellationToken));

    /// <summary>What it uses; only the API tells.</summary>
    internal Task<ContainerUsage> StatsAsync(Container container, CancellationToken cancellationToken) => api.StatsAsync(container, cancellationToken);

    public async IAsyncEnumerable<ContainerLogLine> LogsAsync(ContainerDetail container, int tail, DateTimeOffset? since, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Only the API tells both outputs apart while they grow.
        var (lines, more) = follow ? await BeginAsync(api).ConfigureAwait(false) : await AskAsync(BeginAsync).ConfigureAwait(false);
        await using (lines.ConfigureAwait(false))
        {
            for (; more; more = await lines.MoveNextAsync().ConfigureAwait(false)) yield return lines.Current;
        }

        async Task<(IAsyncEnumerator<ContainerLogLine> Lines, bool More)> BeginAsync(IContainerWay way)
        {
            var begun = way.LogsAsync(container, tail, since, follow, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                return (begun, await begun.MoveNextAsync().ConfigureAwait(false));
            }
            catch
            {
                await begun.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task<T> AskAsync<T>(Func<IContainerWay, Task<T>> ask)
    {
        if (cli is null) return await ask(api).ConfigureAwait(false);
        var silence = _silence;
        if (!IsSilent(silence))
        {
            try
            {
                var answer = await ask(api).ConfigureAwait(false);
                _silence = null;
                return answer;
            }
            catch (HomelabException e) when (e.Id == DockerErrors.UnreachableId)
            {
                silence = new Silence(e, wire.Time.GetTimestamp());
                _silence = silence;
                wire.Trace($"{e.What} Asking the docker program there by SSH for {Duration.Format(s_remembered)}.");
            }
        }

        try
        {
            return await ask(cli).ConfigureAwait(false);
        }
        catch (HomelabException e) when (DockerCli.IsNoWay(e))
        {
            // With no way left, the better one is tried first again.
            _silence = null;
            throw DockerErrors.NoWay(wire.Endpoint, silence!.Cause, e);
        }
    }

    private bool IsSilent(Silence? silence) => silence is not null && wire.Time.GetElapsedTime(silence.Since) < s_remembered;

    private sealed record Silence(HomelabException Cause, long Since);
}
