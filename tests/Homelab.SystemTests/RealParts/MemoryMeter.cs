using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Homelab.Lab.Proxmox;

namespace Homelab.SystemTests.RealParts;

/// <summary>Lets a simulated guest use what real containers use, as their engine measures it again and again, and what its system needs beside them.</summary>
internal sealed class MemoryMeter : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _work;
    private volatile IReadOnlyDictionary<string, long> _used = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <param name="socket">Where the engine listens.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="system">What its system needs, in bytes.</param>
    /// <param name="containers">What runs on it.</param>
    internal MemoryMeter(string socket, SimulatedGuest guest, long system, params string[] containers)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        });
        _work = Task.Run(() => MeasureAsync(guest, system, containers));
    }

    /// <summary>What each container used when it was measured last.</summary>
    internal IReadOnlyDictionary<string, long> Used => _used;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _ending.Dispose();
        if (_work.IsFaulted) await _work;
    }

    private async Task MeasureAsync(SimulatedGuest guest, long system, string[] containers)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (await timer.WaitForNextTickAsync(_ending.Token))
        {
            var used = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var container in containers) used[container] = await UsedAsync(container);
            _used = used;
            guest.MemoryUsed = system + used.Values.Sum();
        }
    }

    // As docker stats counts: what can be dropped from the page cache is not used. Of a container that just restarts the engine says zero, or nothing; one that is gone uses nothing.
    private async Task<long> UsedAsync(string container)
    {
        using var response = await _http.GetAsync(new Uri($"http://docker/containers/{container}/stats?stream=false&one-shot=true"), _ending.Token);
        if (response.StatusCode == HttpStatusCode.NotFound) return 0;
        var said = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(_ending.Token);
        if (said.Length == 0) return 0;
        var stats = JsonNode.Parse(said)!["memory_stats"]!;
        var cached = stats["stats"] is { } parts ? parts["total_inactive_file"] ?? parts["inactive_file"] : null;
        return (stats["usage"]?.GetValue<long>() ?? 0) - (cached?.GetValue<long>() ?? 0);
    }
}
