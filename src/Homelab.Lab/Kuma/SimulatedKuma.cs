using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Kuma;

/// <summary>An Uptime Kuma: monitors that really look, <c>/metrics</c> behind an API key, a webhook that is told, push monitors, and Socket.IO for whoever logs in.</summary>
public sealed partial class SimulatedKuma : IAsyncDisposable
{
    private const int MostAMinute = 60;
    private const string Page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Uptime Kuma</title></head>\n<body><div id=\"app\"></div></body>\n</html>\n";

    private readonly ConcurrentDictionary<string, MonitorState> _monitors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, bool> _forced = new();
    private readonly ConcurrentQueue<KumaDelivery> _deliveries = new();
    private readonly ConcurrentQueue<DateTimeOffset> _asked = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly List<Task> _loops = [];
    private readonly KumaSender _sender;
    private readonly TimeProvider _time;
    private LoopbackServer? _server;
    private int _lastId;
    private bool _checking;

    private SimulatedKuma(KumaRelease release, string? apiKey, KumaUser? user, TimeProvider time)
    {
        User = user;
        Release = release;
        ApiKey = apiKey;
        _time = time;
        _sender = new KumaSender(release);
    }

    /// <summary>The release.</summary>
    public KumaRelease Release { get; }

    /// <summary>The key that opens <c>/metrics</c>; null when authentication is switched off.</summary>
    public string? ApiKey { get; }

    /// <summary>Its address.</summary>
    public Uri Url => _server!.Url;

    /// <summary>Who is told. Nobody when null.</summary>
    public KumaHook? Hook { get; set; }

    /// <summary>Every delivery and what became of it, in order.</summary>
    public IReadOnlyCollection<KumaDelivery> Deliveries => _deliveries;

    /// <summary>Starts one without monitors.</summary>
    /// <param name="apiKey">The key that opens <c>/metrics</c>; null switches authentication off.</param>
    /// <param name="release">What it behaves like.</param>
    /// <param name="time">The clock of its looks.</param>
    /// <param name="port">A free one when 0.</param>
    /// <param name="user">Who may log in; when null nobody has been made yet.</param>
    public static async Task<SimulatedKuma> StartAsync(string? apiKey, KumaRelease release = KumaRelease.Two, TimeProvider? time = null, int port = 0, KumaUser? user = null)
    {
        var kuma = new SimulatedKuma(release, apiKey, user, time ?? TimeProvider.System);
        kuma._server = await LoopbackServer.StartAsync(
            app =>
            {
                app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
                app.Run(kuma.AnswerAsync);
            },
            port);
        return kuma;
    }

    /// <summary>Adds a monitor and gives its id. It is looked at from now on if the looks run by themselves.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public int Add(KumaMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        var state = new MonitorState(Interlocked.Increment(ref _lastId), monitor);
        if (!_monitors.TryAdd(monitor.Name, state)) throw new ArgumentException($"There is a monitor '{monitor.Name}' already.", nameof(monitor));
        lock (_lock)
        {
            if (_checking) _loops.Add(Task.Run(() => LoopAsync(state)));
        }

        return state.Id;
    }

    /// <summary>Lets every monitor look by itself, at once and then at its interval, until the end.</summary>
    public void StartChecking()
    {
        lock (_lock)
        {
            if (_checking) return;
            _checking = true;
            foreach (var state in _monitors.Values) _loops.Add(Task.Run(() => LoopAsync(state)));
        }
    }

    /// <summary>Looks once, and tells the webhook if Kuma would. Returns after the webhook has answered.</summary>
    public async Task<KumaBeat> CheckNowAsync(string name, CancellationToken cancellationToken = default)
    {
        var state = Find(name);
        return await LookAsync(state, cancellationToken) ?? throw new InvalidOperationException($"Monitor '{name}' is paused: it does not look.");
    }

    private async Task<KumaBeat?> LookAsync(MonitorState state, CancellationToken cancellationToken)
    {
        await state.Turn.WaitAsync(cancellationToken);
        try
        {
            if (!state.Active) return null;
            state.InMaintenance = _forced.ContainsKey(state.Id) || IsMaintained(state);
            var started = _time.GetTimestamp();
            var (up, message) = state.InMaintenance ? (false, "") : await state.Monitor.Check(cancellationToken);
            var ping = state.Monitor.Type == "push" ? (int?)null : (int)Math.Round(_time.GetElapsedTime(started).TotalMilliseconds);
            return await TakeAsync(state, up, message, ping, cancellationToken);
        }
        finally
        {
            state.Turn.Release();
        }
    }

    /// <summary>Begins or ends a maintenance of a monitor. Its next look says so.</summary>
    public void SetMaintenance(string name, bool on)
    {
        if (on) _forced[Find(name).Id] = true;
        else _forced.TryRemove(Find(name).Id, out _);
    }

    /// <summary>Sets how long a monitor's certificate is still valid, as <c>/metrics</c> shows it.</summary>
    public void SetCertificate(string name, int? daysLeft) => Find(name).CertificateDays = daysLeft;

    /// <summary>Tells the webhook that a monitor's certificate expires.</summary>
    public Task SendCertificateNoticeAsync(string name, int daysLeft, CancellationToken cancellationToken = default) =>
        TellAsync(KumaBodies.Notice(KumaBodies.CertificateText(Release, Find(name).Monitor, daysLeft)), cancellationToken);

    /// <summary>Presses the notification's test button.</summary>
    /// <param name="notification">The notification's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task SendTestAsync(string notification = "homelab", CancellationToken cancellationToken = default) =>
        TellAsync(KumaBodies.Notice(notification + " Testing"), cancellationToken);

    /// <summary>Ends the looks and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] loops;
        lock (_lock)
        {
            if (_ending.IsCancellationRequested) return;
            _ending.Cancel();
            loops = [.. _loops];
        }

        await Task.WhenAll(loops);
        await LeaveAllAsync();
        await _server!.DisposeAsync();
        _sender.Dispose();
        _ending.Dispose();
    }

    private async Task LoopAsync(MonitorState state)
    {
        using var timer = new PeriodicTimer(state.Monitor.Interval, _time);
        try
        {
            do
            {
                await LookAsync(state, _ending.Token);
            }
            while (await timer.WaitForNextTickAsync(_ending.Token));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task TellAsync(JsonObject body, CancellationToken cancellationToken)
    {
        if (Hook is { } hook) _deliveries.Enqueue(await _sender.SendAsync(hook, body, cancellationToken));
    }

    private MonitorState Find(string name) => _monitors.TryGetValue(name, out var state) ? state : throw new ArgumentException($"There is no monitor '{name}'.", nameof(name));

    // Any unknown GET is the page of the app; any other unknown method is Express's own 404.
    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path == "/socket.io/") return JoinAsync(context);
        if (path.StartsWith(PushRoute, StringComparison.Ordinal) && (Release == KumaRelease.Two || HttpMethods.IsGet(context.Request.Method))) return TakePushAsync(context, path[PushRoute.Length..]);
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot {context.Request.Method} {path}</pre>\n</body>\n</html>\n");
        }

        if (path != "/metrics")
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(Page);
        }

        if (!MayRead(context.Request))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic";
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.ContentLength = 0;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(KumaMetricsPage.Write(Release, [.. _monitors.Values.OrderBy(static m => m.Id)]));
    }

    // Any user, the key as the password. Beyond 60 a minute a right key is refused like a wrong one: 401, not 429.
    private bool MayRead(HttpRequest request)
    {
        if (ApiKey is null) return true;
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Scheme != "Basic" || header.Parameter is null) return false;
        var now = _time.GetUtcNow();
        while (_asked.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1)) _asked.TryDequeue(out _);
        if (_asked.Count >= MostAMinute) return false;
        _asked.Enqueue(now);
        var buffer = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, buffer, out var length)) return false;
        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        return pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && pair[(colon + 1)..] == ApiKey;
    }
}
