using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Homelab.Lab.Docker;

/// <summary>What happened on an engine. Like the real one it remembers the last 256 events.</summary>
internal sealed class EngineEvents
{
    private const int Remembered = 256;

    private readonly Lock _lock = new();
    private readonly Queue<EngineEvent> _past = new();
    private readonly List<Channel<EngineEvent>> _listeners = [];
    private int _watches;

    internal int Watches => Volatile.Read(ref _watches);

    internal void Add(SimulatedContainer container, string action, DateTimeOffset at, IReadOnlyList<(string Name, string Value)> attributes)
    {
        var happened = new EngineEvent(container.Id, container.Name, action, EngineClock.Nanoseconds(at), Write(container, action, at, attributes));
        lock (_lock)
        {
            _past.Enqueue(happened);
            if (_past.Count > Remembered) _past.Dequeue();
            foreach (var listener in _listeners) listener.Writer.TryWrite(happened);
        }
    }

    /// <summary>Events from a moment on, the past ones first; without a moment only what is to come.</summary>
    internal Channel<EngineEvent> Listen(long? since)
    {
        var channel = Channel.CreateUnbounded<EngineEvent>();
        lock (_lock)
        {
            if (since is { } from)
            {
                foreach (var happened in _past.Where(e => e.UnixNanoseconds >= from)) channel.Writer.TryWrite(happened);
            }

            _listeners.Add(channel);
            _watches++;
        }

        return channel;
    }

    internal void Leave(Channel<EngineEvent> channel)
    {
        lock (_lock) _listeners.Remove(channel);
    }

    /// <summary>As a restart of the engine does.</summary>
    internal void Forget()
    {
        lock (_lock) _past.Clear();
    }

    private static string Write(SimulatedContainer container, string action, DateTimeOffset at, IReadOnlyList<(string Name, string Value)> attributes)
    {
        var nanoseconds = EngineClock.Nanoseconds(at);
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["image"] = container.Spec.Image, ["name"] = container.Name };
        foreach (var (name, value) in container.Spec.Labels) all[name] = value;
        foreach (var (name, value) in attributes) all[name] = value;
        return new JsonObject
        {
            ["status"] = action,
            ["id"] = container.Id,
            ["from"] = container.Spec.Image,
            ["Type"] = "container",
            ["Action"] = action,
            ["Actor"] = new JsonObject { ["ID"] = container.Id, ["Attributes"] = new JsonObject(all.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value))) },
            ["scope"] = "local",
            ["time"] = nanoseconds / 1_000_000_000,
            ["timeNano"] = nanoseconds,
        }.ToJsonString();
    }
}

/// <summary>One event, and how it goes over the wire.</summary>
internal sealed record EngineEvent(string Id, string Name, string Action, long UnixNanoseconds, string Json);
