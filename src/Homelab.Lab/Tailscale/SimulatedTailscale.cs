using System.Text.Json.Nodes;
using Homelab.Lab.Docker;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Tailscale;

/// <summary>A tailscaled with its LocalAPI on a socket, as far as its status goes. Its JSON is that of <c>ipnstate.Status</c>.</summary>
public sealed class SimulatedTailscale : IAsyncDisposable
{
    private EngineListener? _listener;

    private SimulatedTailscale(string socketPath) => SocketPath = socketPath;

    /// <summary>The socket.</summary>
    public string SocketPath { get; }

    /// <summary>What it answers; may be changed at any time.</summary>
    public string Body { get; set; } = Status().ToJsonString();

    /// <summary>The HTTP status of its answer.</summary>
    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    /// <summary>True when it never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>Raised when it was asked.</summary>
    public event EventHandler? Asked;

    /// <summary>Starts one.</summary>
    public static async Task<SimulatedTailscale> StartAsync(string socketPath, CancellationToken cancellationToken)
    {
        var tailscale = new SimulatedTailscale(socketPath);
        tailscale._listener = await EngineListener.StartAsync(socketPath, port: null, tailscale.AnswerAsync, cancellationToken);
        return tailscale;
    }

    /// <summary>A status.</summary>
    /// <param name="state">Tailscale's own state.</param>
    /// <param name="peers">The other machines, as <see cref="Peer"/> makes them.</param>
    public static JsonObject Status(string state = "Running", params JsonObject[] peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        var self = Peer("here", "100.64.0.1", online: true);
        // Of itself it tells no way, but the relay that is near.
        self["CurAddr"] = "";
        return new JsonObject
        {
            ["Version"] = "1.90.6-tsimulated",
            ["TUN"] = true,
            ["BackendState"] = state,
            ["HaveNodeKey"] = true,
            ["AuthURL"] = "",
            ["TailscaleIPs"] = new JsonArray("100.64.0.1"),
            ["Self"] = self,
            ["Health"] = new JsonArray(),
            ["MagicDNSSuffix"] = "tail1234.ts.net",
            ["CurrentTailnet"] = new JsonObject { ["Name"] = "anna@example.org", ["MagicDNSSuffix"] = "tail1234.ts.net", ["MagicDNSEnabled"] = true },
            ["CertDomains"] = null,
            ["Peer"] = peers.Length == 0 ? null : new JsonObject(peers.Select((p, i) => KeyValuePair.Create($"nodekey:{i:x64}", (JsonNode?)p))),
            ["User"] = new JsonObject { ["7"] = new JsonObject { ["ID"] = 7, ["LoginName"] = "anna@example.org", ["DisplayName"] = "Anna", ["ProfilePicURL"] = "" } },
            ["ClientVersion"] = null,
        };
    }

    /// <summary>A machine.</summary>
    public static JsonObject Peer(string name, string address, bool online) => new()
    {
        ["ID"] = "n" + name,
        ["PublicKey"] = "nodekey:" + name,
        ["HostName"] = name.ToUpperInvariant(),
        ["DNSName"] = name + ".tail1234.ts.net.",
        ["OS"] = "linux",
        ["UserID"] = 7,
        ["TailscaleIPs"] = new JsonArray(address, "fd7a:115c:a1e0::" + name.Length),
        ["AllowedIPs"] = new JsonArray(address + "/32"),
        ["Addrs"] = null,
        ["CurAddr"] = online ? "192.168.1.7:41641" : "",
        ["Relay"] = "fra",
        ["RxBytes"] = 1_024,
        ["TxBytes"] = 2_048,
        ["Created"] = "2025-01-02T03:04:05.678Z",
        ["LastWrite"] = "0001-01-01T00:00:00Z",
        ["LastSeen"] = online ? "0001-01-01T00:00:00Z" : "2026-03-01T10:00:00.1Z",
        ["LastHandshake"] = "0001-01-01T00:00:00Z",
        ["Online"] = online,
        ["ExitNode"] = false,
        ["ExitNodeOption"] = false,
        ["Active"] = online,
        ["PeerAPIURL"] = null,
        ["InNetworkMap"] = true,
        ["InMagicSock"] = true,
        ["InEngine"] = true,
        ["KeyExpiry"] = "2026-09-01T00:00:00Z",
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        File.Delete(SocketPath);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Asked?.Invoke(this, EventArgs.Empty);
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        // As the real one: a web page of another name must not reach it through the browser.
        var request = context.Request;
        if (request.Host.Value != "local-tailscaled.sock" || request.Method != "GET" || request.Path != "/localapi/v0/status")
        {
            context.Response.StatusCode = request.Host.Value == "local-tailscaled.sock" ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
            return;
        }

        context.Response.StatusCode = StatusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Body, context.RequestAborted);
    }
}
