using System.Globalization;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>An AI client over standard input and output: how soon it has its tools, how fast it is answered, and what that needs.</summary>
internal sealed class McpStdioBenchmark : IBenchmark
{
    private const int Starts = 9;
    private const int ManyCalls = 50_000;
    private static readonly int[] s_crowds = [1, 8, 64];
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(6);

    public string Name => "mcp-stdio";

    public string Note =>
        $"`dotnet homelab.dll mcp --lab …` with a new state file, {Starts} times: from the start of the process until the answer to tools/list was read, with initialize and tools/list written at once. Then calls of heal_state (through the gate, one read of the state, one line of the audit): one at a time, and 8 and 64 under way at once, as one client is all that a pipe has; {s_length.TotalSeconds} s after as much for warm-up. Memory is what the kernel counts, without a forced collection.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var lab = LabText.Lab(services: 10, ServiceTier.Standard, "tcp://127.0.0.1:1");
        var starts = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await using var one = await McpStdioProcess.StartAsync(lab, cancellationToken);
            starts.Add(one.ListedAfter.TotalMilliseconds);
        }

        await using var homelab = await McpStdioProcess.StartAsync(lab, cancellationToken);
        await Task.Delay(s_idle, cancellationToken);
        var figures = new List<Figure> { Figure.Spread("start to the list of tools", new Samples(starts), "ms", 300), Figure.Below("memory, idle", homelab.MebibytesResident, 120, "MiB") };
        foreach (var crowd in s_crowds)
        {
            foreach (var (what, message) in ((string, McpMessage)[])[("call", McpMessage.Read), ("tools/list", McpMessage.List)])
            {
                var (milliseconds, perSecond) = await Crowd.AskAsync(Asking(crowd, message), s_length, cancellationToken);
                var how = string.Create(CultureInfo.InvariantCulture, $"{what}, {crowd} at once");
                figures.Add(crowd == 1 && what == "call" ? Figure.Below($"{how}, p50", milliseconds.Percentile(50), 0.4, "ms") : Figure.Plain($"{how}, p50", milliseconds.Percentile(50), "ms"));
                figures.Add(Figure.Plain($"{how}, p95", milliseconds.Percentile(95), "ms"));
                figures.Add(Figure.Plain($"{how}, per second", perSecond, "/s"));
            }
        }

        for (var round = 1; round <= 3; round++)
        {
            await Crowd.TimesAsync(Asking(8, McpMessage.Read), ManyCalls);
            figures.Add(Figure.Below($"memory, {round} × {ManyCalls:N0} calls later", homelab.MebibytesResident, 120, "MiB"));
        }

        return figures;

        Func<Task>[] Asking(int clients, McpMessage message) => [.. Enumerable.Repeat<Func<Task>>(() => homelab.SendAsync(message, cancellationToken), clients)];
    }
}
