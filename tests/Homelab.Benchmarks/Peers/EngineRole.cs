using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Homelab.Lab.Docker;

namespace Homelab.Benchmarks.Peers;

/// <summary>
/// This program as a child: a simulated Docker Engine in a process of its own, so that it shares neither heap nor threads with what is measured. It says on
/// its output when a restart was asked for, by the machine's monotonic clock.
/// </summary>
internal static class EngineRole
{
    internal const string Argument = "--engine";
    internal const string Healthy = "healthy";
    internal const string Watched = "!events";

    private static readonly Lock s_lock = new();

    internal static async Task RunAsync(string[] args)
    {
        var healthy = args[1] == Healthy;
        var names = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { Port = 0 }, CancellationToken.None);
        engine.RequestReceived += (_, received) => Tell(received.Request);
        for (var i = 0; i < int.Parse(args[2], CultureInfo.InvariantCulture); i++)
        {
            var container = engine.Add(new SimulatedContainerSpec { Name = LabText.Service(i), HasHealthCheck = healthy });
            names[$"/containers/{container.Id}/restart"] = container.Name;
            if (!healthy) container.Crash();
        }

        var talkative = engine.Container(LabText.Service(0));
        for (var i = 0; i < int.Parse(args[3], CultureInfo.InvariantCulture); i++) talkative.WriteLog($"{i} GET /api/v1/version 200");

        Say(engine.TcpEndpoint!, 0);
        // A parent that dies closes our input.
        while (await Console.In.ReadLineAsync() is { } name)
        {
            var at = Stopwatch.GetTimestamp();
            engine.Container(name).BecomeUnhealthy();
            Say("!" + name, at);
        }

        void Tell(EngineRequest request)
        {
            var at = Stopwatch.GetTimestamp();
            if (request.Path == "/events") Say(Watched, at);
            else if (request.Method == "POST") Say(names.TryGetValue(request.Path, out var name) ? name : request.Path, at);
        }
    }

    private static void Say(string what, long at)
    {
        lock (s_lock)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {at}"));
            Console.Out.Flush();
        }
    }
}
