using System.Collections.Concurrent;
using Homelab.Composition;
using Homelab.Host.Logging;

namespace Homelab.Host.Mcp.Http;

/// <summary>The catalog behind the door, for the host of a lab.</summary>
internal static class McpAtHost
{
    // Nobody has so many clients at once; only our memory must not grow with those that come and go.
    private const int MostFaces = 256;

    internal static McpDoor Open(HomelabRuntime runtime, JsonLog log, Func<HttpContext, Task<Caller?>> letIn, CancellationToken stopping)
    {
        // What a caller may have at all depends on him and the policy in force alone, so one face serves all of his sessions.
        var faces = new ConcurrentDictionary<Caller, McpFace>();
        var limits = new QueryLimits();
        var setup = new DoorSetup
        {
            LetIn = letIn,
            OptionsOf = caller =>
            {
                if (faces.Count >= MostFaces) faces.Clear();
                return faces.GetOrAdd(caller, c => new McpFace(runtime, c, log, limits)).Options();
            },
            Mcp = runtime.File.Lab.Mcp,
            BodyLimit = runtime.File.Lab.Server.BodyLimit,
            Credentials = runtime.Store.Credentials,
            Audit = runtime.Store,
            Log = log,
            Time = runtime.Time,
        };
        var door = new McpDoor(setup, stopping);
        runtime.Gate.Decider.Changed += (_, _) => door.TellOfLists();
        return door;
    }
}
