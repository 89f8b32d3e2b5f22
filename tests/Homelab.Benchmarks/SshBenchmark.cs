using System.Diagnostics;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.Providers.Ssh;

namespace Homelab.Benchmarks;

/// <summary>What a command over SSH costs more than ssh itself.</summary>
internal sealed class SshBenchmark : IBenchmark
{
    private const int WarmUp = 50;
    private const int Runs = 400;
    private const int Fresh = 30;
    private const int Many = 50;
    private const int ManyRuns = 10;

    public string Name => "ssh";

    public string Note =>
        $"A real sshd on loopback, its sessions' home without start-up files. Plain is `ssh -S socket … /bin/true` (a program: the shell has a true of its own) over a ControlMaster made by hand, started by the same Process.Start with redirected streams and read to its end; ours is the whole client with its script at the other end, which ends the command when we do. {Runs} of each in turn after {WarmUp}. Fresh: {Fresh} logins, each of a client of its own, from nothing to the command's end. {Many} at once, {ManyRuns} times: `true`, 32 run at once.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        if (SshdProcess.WhyNot() is { } why) return [new Figure("not measured", why)];
        await using var sshd = await SshdProcess.StartAsync(cancellationToken);
        var plain = await sshd.ConnectAsync(cancellationToken);
        await using var hosts = Hosts(sshd);
        List<Figure> figures = [.. await CompareAsync("true", ["/bin/true"], plain, hosts, cancellationToken)];
        if (HasDocker()) figures.AddRange(await CompareAsync("docker ps", ["docker", "ps"], plain, hosts, cancellationToken));

        var fresh = new List<double>();
        for (var i = 0; i < Fresh; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var own = Hosts(sshd);
            await RunAsync(own, ["/bin/true"], cancellationToken);
            fresh.Add(Samples.Milliseconds(began, Stopwatch.GetTimestamp()));
            await own.DisposeAsync();
        }

        var many = new List<double>();
        for (var i = 0; i <= ManyRuns; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => RunAsync(hosts, ["/bin/true"], cancellationToken)));
            // The first time makes the connections.
            if (i > 0) many.Add(Samples.Milliseconds(began, Stopwatch.GetTimestamp()));
        }

        return [.. figures, Figure.Spread("a login and the first command", new Samples(fresh), "ms"), Figure.Spread($"{Many} at once, all of them", new Samples(many), "ms")];
    }

    private static async Task<Figure[]> CompareAsync(string what, string[] words, string[] plain, SshHosts hosts, CancellationToken cancellationToken)
    {
        var theirs = new List<double>();
        var ours = new List<double>();
        for (var i = 0; i < WarmUp + Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await SshdProcess.RunAsync("ssh", [.. plain, .. words], cancellationToken);
            var between = Stopwatch.GetTimestamp();
            await RunAsync(hosts, words, cancellationToken);
            if (i < WarmUp) continue;
            theirs.Add(Samples.Milliseconds(began, between));
            ours.Add(Samples.Milliseconds(between, Stopwatch.GetTimestamp()));
        }

        var (alone, whole) = (new Samples(theirs), new Samples(ours));
        return
        [
            Figure.Plain($"{what}, plain ssh over a shared connection, p50", alone.Percentile(50), "ms"),
            Figure.Plain($"{what}, plain ssh over a shared connection, p95", alone.Percentile(95), "ms"),
            Figure.Plain($"{what}, ours, p50", whole.Percentile(50), "ms"),
            Figure.Plain($"{what}, ours, p95", whole.Percentile(95), "ms"),
            Figure.Below($"{what}, ours over plain ssh, p50", ((whole.Percentile(50) / alone.Percentile(50)) - 1) * 100, 10, "%"),
        ];
    }

    private static async Task RunAsync(IRemoteHosts hosts, string[] words, CancellationToken cancellationToken)
    {
        var result = await hosts.RunAsync("dev", RemoteCommand.Of(words), cancellationToken);
        if (result.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', words)} ended with {result.ExitCode}: {result.Error}");
    }

    private static SshHosts Hosts(SshdProcess sshd) =>
        new(new ProviderContext(new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = sshd.Host } }, "/", null!, TimeProvider.System));

    private static bool HasDocker() => File.Exists("/var/run/docker.sock");
}
