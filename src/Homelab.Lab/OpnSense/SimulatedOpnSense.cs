using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.OpnSense;

/// <summary>An OPNsense on a port of 127.0.0.1, as far as its own state and its services go.</summary>
/// <remarks>
/// Checked against opnsense/core: <c>mvc/app/controllers/OPNsense/Core/Api/SystemController.php</c> and <c>ServiceController.php</c> for what is answered, <c>Base/ApiControllerBase.php</c> for who is
/// let in and what a body must be, <c>Diagnostics/Api/ActivityController.php</c> with <c>scripts/system/activity.py</c> for processes.
/// </remarks>
public sealed class SimulatedOpnSense : IAsyncDisposable
{
    private readonly string _key;
    private readonly string _secret;
    private readonly SimulatedCertificate? _certificate;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly List<SimulatedFirewallService> _services = [];
    private readonly Dictionary<string, JsonObject> _notices = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private LoopbackServer? _server;
    private int _lastPid = 1_000;

    private SimulatedOpnSense(string key, string secret, bool tls)
    {
        _key = key;
        _secret = secret;
        _certificate = tls ? new SimulatedCertificate("OPNsense") : null;
    }

    /// <summary>Its address.</summary>
    public Uri Url => _server!.Url;

    /// <summary>The fingerprint of its certificate; null where it speaks plain HTTP.</summary>
    public string? CertificateSha256 => _certificate?.Sha256;

    /// <summary>The requests so far: method and path.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>What goes wrong at a restart.</summary>
    public OpnSenseFault Fault { get; set; }

    /// <summary>How long a restart takes.</summary>
    public TimeSpan Slow { get; set; }

    /// <summary>Tells of itself as releases before 25.1 did.</summary>
    public bool IsOld { get; set; }

    /// <summary>The paths that the key's user has no privilege for, without <c>/api/</c>.</summary>
    public ISet<string> Forbidden { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Answers everything so: a status and a body.</summary>
    public (int Status, string Body)? Instead { get; set; }

    /// <summary>Starts one with the services of a small firewall.</summary>
    public static async Task<SimulatedOpnSense> StartAsync(string key, string secret, bool tls = false)
    {
        var firewall = new SimulatedOpnSense(key, secret, tls);
        firewall.Add(new SimulatedFirewallService("configd", "/usr/local/bin/python3 /usr/local/opnsense/service/configd.py console") { Description = "System Configuration Daemon", Locked = true });
        firewall.Add(new SimulatedFirewallService("webgui", "/usr/local/sbin/lighttpd -f /var/etc/lighty-webConfigurator.conf") { Description = "Web GUI", Locked = true });
        firewall.Add(new SimulatedFirewallService("openssh", "sshd: /usr/local/sbin/sshd [listener] 0 of 10-100 startups") { Description = "Secure Shell Daemon" });
        firewall.Add(new SimulatedFirewallService("pf") { Description = "Packet Filter", Locked = true });
        firewall.Add(new SimulatedFirewallService("unbound", "/usr/local/sbin/unbound -c /var/unbound/unbound.conf") { Description = "Unbound DNS" });
        firewall.Add(new SimulatedFirewallService("ntpd", "/usr/local/sbin/ntpd -g -c /var/etc/ntpd.conf") { Description = "Network Time Daemon" });
        firewall.Add(new SimulatedFirewallService("openvpn", "/usr/local/sbin/openvpn --config /var/etc/openvpn/instance-1.conf") { Id = "1", Description = "OpenVPN server: road warriors" });
        firewall.Add(new SimulatedFirewallService("openvpn", "/usr/local/sbin/openvpn --config /var/etc/openvpn/instance-2.conf") { Id = "2", Description = "OpenVPN client: office" });
        firewall._server = await LoopbackServer.StartAsync(app => app.Run(firewall.AnswerAsync), certificate: firewall._certificate?.Whole);
        return firewall;
    }

    /// <summary>Adds a service.</summary>
    public void Add(SimulatedFirewallService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            Begin(service);
            _services.Add(service);
        }
    }

    /// <summary>A service by its name, or by name and number: <c>openvpn/1</c>.</summary>
    public SimulatedFirewallService Service(string name) => _services.Single(s => NameOf(s) == name);

    /// <summary>Lets it warn of something.</summary>
    /// <param name="subsystem">The part: <c>diskspace</c>.</param>
    /// <param name="code">-1 for an error, 0 for a warning, 1 for a notice.</param>
    /// <param name="message">What it says.</param>
    public void Warn(string subsystem, int code, string message)
    {
        lock (_lock) _notices[subsystem] = new JsonObject { ["title"] = subsystem, ["statusCode"] = code, ["message"] = message, ["location"] = null, ["timestamp"] = "1763000000", ["persistent"] = false, ["isBanner"] = false, ["priority"] = 1 };
    }

    /// <summary>Closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _certificate?.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        _requests.Enqueue($"{request.Method} {request.Path}");
        if (Instead is { } instead)
        {
            await WriteAsync(context, instead.Status, instead.Body);
            return;
        }

        var path = request.Path.Value!.StartsWith("/api/", StringComparison.Ordinal) ? request.Path.Value["/api/".Length..] : "";
        var problem = await RefuseAsync(request, path);
        if (problem is { } refused)
        {
            await WriteAsync(context, refused.Status, new JsonObject { ["status"] = refused.Status, ["message"] = refused.Message }.ToJsonString());
            return;
        }

        var words = path.Split('/');
        var answer = words switch
        {
            ["core", "system", "status"] => Status(),
            ["core", "service", "search"] => Search(),
            ["core", "service", "restart", ..] => await RestartAsync(context, words[3..]),
            ["diagnostics", "activity", "getActivity" or "get_activity"] => Activity(),
            _ => new JsonObject { ["errorMessage"] = "Endpoint not found" },
        };
        // Nothing where the connection was ended.
        if (answer is not null) await WriteAsync(context, answer.ContainsKey("errorMessage") ? 404 : 200, answer.ToJsonString());
    }

    // In the order of the real one: who, what for, and then whether the body can be read.
    private async Task<(int Status, string Message)?> RefuseAsync(HttpRequest request, string path)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Basic" || Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter ?? "")) != $"{_key}:{_secret}") return (401, "Authentication Failed");
        if (Forbidden.Any(f => path.StartsWith(f, StringComparison.Ordinal))) return (403, "Forbidden");
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true) return null;
        using var reader = new StreamReader(request.Body);
        return (await reader.ReadToEndAsync()).Length == 0 ? (400, "Invalid JSON syntax") : null;
    }

    private JsonObject Status()
    {
        lock (_lock)
        {
            var worst = _notices.Values.Select(static n => (int)n["statusCode"]!).DefaultIfEmpty(2).Min();
            var parts = new JsonObject();
            foreach (var (name, notice) in _notices.OrderBy(static n => (int)n.Value["statusCode"]!))
            {
                var part = notice.DeepClone().AsObject();
                part["status"] = Word((int)notice["statusCode"]!);
                parts[name] = part;
            }

            if (IsOld)
            {
                parts["System"] = new JsonObject { ["status"] = worst == 2 ? "OK" : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Word(worst).ToLowerInvariant()) };
                parts["Firewall"] = new JsonObject { ["statusCode"] = 2, ["message"] = "No problems were detected.", ["timestamp"] = "0", ["status"] = "OK" };
                return parts;
            }

            // With nothing to tell the real one leaves its first word, a number, as it is, and names no subsystems beside the metadata.
            var metadata = new JsonObject
            {
                ["system"] = new JsonObject { ["status"] = _notices.Count == 0 ? JsonValue.Create(2) : JsonValue.Create(Word(worst)), ["message"] = "No pending messages", ["title"] = "System" },
                ["translations"] = new JsonObject { ["dialogTitle"] = "System Status", ["dialogCloseButton"] = "Close" },
                ["subsystems"] = new JsonArray(),
            };
            return _notices.Count == 0 ? new JsonObject { ["metadata"] = metadata } : new JsonObject { ["metadata"] = metadata, ["subsystems"] = parts };
        }
    }

    private JsonObject Search()
    {
        lock (_lock)
        {
            var rows = new JsonArray([.. _services.Select(static s => (JsonNode)new JsonObject { ["id"] = NameOf(s), ["locked"] = s.Locked ? 1 : 0, ["running"] = s.Running ? 1 : 0, ["description"] = s.Description, ["name"] = s.Name })]);
            return new JsonObject { ["total"] = rows.Count, ["rowCount"] = rows.Count, ["current"] = 1, ["rows"] = rows };
        }
    }

    private JsonObject Activity()
    {
        lock (_lock)
        {
            var details = new JsonArray(Line(1, "/sbin/init"), Line(77, "/usr/local/bin/python3 /usr/local/opnsense/scripts/unbound/logger.py (python3.11)"));
            foreach (var service in _services.Where(static s => s is { Running: true, Command: not null }))
            {
                if (Fault == OpnSenseFault.CrashLoop && service.Starts > 1) Begin(service);
                details.Add(Line(service.Pid, service.Command! + "{" + service.Name + "}"));
            }

            return new JsonObject { ["headers"] = new JsonArray("last pid: 1; load averages: 0.1"), ["details"] = details };
        }

        static JsonNode Line(int pid, string command) => new JsonObject
        {
            ["C"] = "0", ["PID"] = pid.ToString(CultureInfo.InvariantCulture), ["THR"] = "100101", ["USERNAME"] = "root", ["PRI"] = "20", ["NICE"] = "0", ["SIZE"] = "13M", ["RES"] = "5M", ["STATE"] = "select", ["TIME"] = "0:01", ["WCPU"] = "0.00%", ["COMMAND"] = command,
        };
    }

    private async Task<JsonObject?> RestartAsync(HttpContext context, string[] words)
    {
        if (!HttpMethods.IsPost(context.Request.Method)) return new JsonObject { ["result"] = "failed" };
        if (Fault == OpnSenseFault.CutOff)
        {
            context.Abort();
            return null;
        }

        await Task.Delay(Slow, context.RequestAborted);
        lock (_lock)
        {
            // One that is not there is answered like one that is.
            var name = string.Join('/', words.Select(Uri.UnescapeDataString));
            if (Fault != OpnSenseFault.Ignored && _services.FirstOrDefault(s => NameOf(s) == name) is { } service)
            {
                service.Running = Fault != OpnSenseFault.StaysDown;
                if (service.Running) Begin(service);
            }
        }

        if (Fault != OpnSenseFault.AnswerLost) return new JsonObject { ["result"] = "ok" };
        context.Abort();
        return null;
    }

    private void Begin(SimulatedFirewallService service)
    {
        service.Pid = _lastPid += 7;
        service.Starts++;
    }

    private static string NameOf(SimulatedFirewallService service) => service.Id is null ? service.Name : $"{service.Name}/{service.Id}";

    private static string Word(int code) => code switch
    {
        -1 => "ERROR",
        0 => "WARNING",
        1 => "NOTICE",
        _ => "OK",
    };

    private static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(body);
    }
}
