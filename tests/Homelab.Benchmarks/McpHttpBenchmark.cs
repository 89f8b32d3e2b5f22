using System.Globalization;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.State;

namespace Homelab.Benchmarks;

/// <summary>AI clients over HTTP: how fast they are answered, how many, and what that needs.</summary>
internal sealed class McpHttpBenchmark : IBenchmark
{
    private const int ManyCalls = 50_000;
    private static readonly int[] s_crowds = [1, 8, 64];
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(6);

    public string Name => "mcp-http";

    public string Note =>
        $"`homelab serve` in a process of its own, an API key, loopback. A call is heal_state: through the gate, one read of the state, one line of the audit. Each client asks again when it has read its answer; {s_length.TotalSeconds} s after as much for warm-up; the clients run on the same cores. \"Session\" is 2025-11-25 with answers as events, \"alone\" 2026-07-28. Memory is what the kernel counts, without a forced collection: in a process of its own {s_idle.TotalSeconds} s after its start, after the lists of 8 clients with sessions and {ManyCalls:N0} calls each time; and in the other after everything else.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = await MeasureMemoryAsync(cancellationToken);
        await using var homelab = await StartAsync(cancellationToken);
        var key = await AddKeyAsync(homelab, cancellationToken);
        foreach (var withSession in (bool[])[true, false])
        {
            foreach (var crowd in s_crowds)
            {
                var clients = await ConnectAsync(homelab, key, crowd, withSession, cancellationToken);
                var how = string.Create(CultureInfo.InvariantCulture, $"{(withSession ? "session" : "alone")}, {crowd} {(crowd == 1 ? "client" : "clients")}");
                figures.AddRange(await MeasureAsync($"call, {how}", McpMessage.Read, clients, aims: crowd == 8, cancellationToken));
                figures.AddRange(await MeasureAsync($"tools/list, {how}", McpMessage.List, clients, aims: false, cancellationToken));
            }
        }

        figures.Add(Figure.Plain("memory, after all of that", homelab.MebibytesResident, "MiB"));
        return figures;
    }

    private static Task<HomelabProcess> StartAsync(CancellationToken cancellationToken) => HomelabProcess.StartAsync(LabText.Lab(services: 10, ServiceTier.Standard, "tcp://127.0.0.1:1"), cancellationToken);

    private static async Task<List<Figure>> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        await using var homelab = await StartAsync(cancellationToken);
        var clients = await ConnectAsync(homelab, await AddKeyAsync(homelab, cancellationToken), 8, withSession: true, cancellationToken);
        await Task.Delay(s_idle, cancellationToken);
        var figures = new List<Figure> { Figure.Below("memory, idle", homelab.MebibytesResident, 120, "MiB") };
        foreach (var client in clients) await client.SendAsync(McpMessage.List, cancellationToken);
        for (var round = 1; round <= 3; round++)
        {
            await Crowd.TimesAsync(Asking(clients, McpMessage.Read, cancellationToken), ManyCalls);
            figures.Add(Figure.Below($"memory, {round} × {ManyCalls:N0} calls later", homelab.MebibytesResident, 120, "MiB"));
        }

        return figures;
    }

    private static async Task<IEnumerable<Figure>> MeasureAsync(string what, McpMessage message, IReadOnlyList<McpHttpClient> clients, bool aims, CancellationToken cancellationToken)
    {
        var (milliseconds, perSecond) = await Crowd.AskAsync(Asking(clients, message, cancellationToken), s_length, cancellationToken);
        var (median, rate) = ($"{what}, p50", $"{what}, per second");
        return
        [
            aims ? Figure.Below(median, milliseconds.Percentile(50), 1.5, "ms") : Figure.Plain(median, milliseconds.Percentile(50), "ms"),
            Figure.Plain($"{what}, p95", milliseconds.Percentile(95), "ms"),
            aims ? Figure.AtLeast(rate, perSecond, 3000, "/s") : Figure.Plain(rate, perSecond, "/s"),
        ];
    }

    private static Func<Task>[] Asking(IReadOnlyList<McpHttpClient> clients, McpMessage message, CancellationToken cancellationToken) => [.. clients.Select(c => (Func<Task>)(() => c.SendAsync(message, cancellationToken)))];

    private static Task<McpHttpClient[]> ConnectAsync(HomelabProcess homelab, string key, int clients, bool withSession, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => McpHttpClient.ConnectAsync(homelab.Client, homelab.Url, key, withSession, cancellationToken)));

    private static async Task<string> AddKeyAsync(HomelabProcess homelab, CancellationToken cancellationToken)
    {
        var text = CredentialSecret.New(ApiKey.Prefix);
        var key = new ApiKey { Name = "benchmark", Level = Level.Monitor, CreatedAt = TimeProvider.System.GetUtcNow(), CreatedBy = "benchmark", Hash = CredentialSecret.HashOf(text) };
        await using var store = await SqliteStore.OpenAsync(Path.Combine(homelab.Folder.FullName, new ServerDefinition().State), TimeProvider.System, cancellationToken);
        return await store.AddKeyAsync(key, cancellationToken) ? text : throw new InvalidOperationException("There is such a key.");
    }
}
