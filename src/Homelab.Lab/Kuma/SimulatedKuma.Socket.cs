using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Kuma;

/// <content>Whoever is connected by Socket.IO, and what they can change.</content>
public sealed partial class SimulatedKuma
{
    private readonly ConcurrentDictionary<string, KumaSocketClient> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, KumaMaintenance> _maintenances = new();
    private readonly ConcurrentQueue<JsonObject> _incidents = new();
    private readonly ConcurrentDictionary<string, bool> _pages = new(StringComparer.Ordinal);
    private int _logins;
    private int _lastMaintenance;

    /// <summary>Who may log in; null when nobody has been made yet.</summary>
    public KumaUser? User { get; }

    /// <summary>How many logins with a password were taken.</summary>
    public int Logins => _logins;

    /// <summary>How many are connected now.</summary>
    public int Connected => _clients.Count;

    /// <summary>The notices that were put on status pages, oldest first.</summary>
    public IReadOnlyCollection<JsonObject> Incidents => _incidents;

    /// <summary>When set, an event of this name is taken and acted on, and its answer is lost with the connection.</summary>
    public string? LoseAnswerTo { get; set; }

    /// <summary>When set, an event of this name is answered with this text and not acted on.</summary>
    public (string Event, string Message)? Refuse { get; set; }

    /// <summary>Makes a status page.</summary>
    public void AddStatusPage(string slug) => _pages[slug] = true;

    /// <summary>True while the monitor looks.</summary>
    public bool IsActive(string name) => Find(name).Active;

    /// <summary>Pauses or resumes a monitor, as a person does it in the browser.</summary>
    public void Switch(string name, bool active) => Switch(Find(name), active);

    /// <summary>Cuts every connection off, as a restart of it does.</summary>
    public void DropClients()
    {
        foreach (var client in _clients.Values) client.Cut();
    }

    internal IReadOnlyList<MonitorState> States => [.. _monitors.Values.OrderBy(static m => m.Id)];

    internal TimeProvider Time => _time;

    internal bool HasPage(string slug) => _pages.ContainsKey(slug);

    internal MonitorState? StateOf(int id) => _monitors.Values.FirstOrDefault(m => m.Id == id);

    internal void CountLogin() => Interlocked.Increment(ref _logins);

    internal void Publish(JsonObject incident) => _incidents.Enqueue(incident);

    internal int IncidentCount => _incidents.Count;

    internal KumaMaintenance AddMaintenance(DateTimeOffset? from, DateTimeOffset? until, bool isManual)
    {
        var maintenance = new KumaMaintenance(Interlocked.Increment(ref _lastMaintenance), from, until, isManual);
        return _maintenances[maintenance.Id] = maintenance;
    }

    internal KumaMaintenance? MaintenanceOf(long id) => _maintenances.GetValueOrDefault(id);

    internal void Switch(MonitorState state, bool active)
    {
        state.Switch(active);
        lock (_lock)
        {
            // Who is resumed looks at once.
            if (active && _checking && !_ending.IsCancellationRequested) _loops.Add(Task.Run(() => LookOnceAsync(state)));
        }
    }

    private async Task LookOnceAsync(MonitorState state)
    {
        try
        {
            await LookAsync(state, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private bool IsMaintained(MonitorState state) => _maintenances.Values.Any(m => m.Monitors.ContainsKey(state.Id) && m.Holds(_time.GetUtcNow()));

    private void TellClients(string name, JsonNode argument)
    {
        foreach (var client in _clients.Values) client.Tell(name, argument);
    }

    private async Task JoinAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || context.Request.Query["EIO"] != "4")
        {
            context.Response.StatusCode = 400;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var client = new KumaSocketClient(this, socket);
        _clients[client.Id] = client;
        try
        {
            await client.RunAsync(_ending.Token);
        }
        finally
        {
            _clients.TryRemove(client.Id, out _);
        }
    }

    private async Task LeaveAllAsync()
    {
        DropClients();
        await Task.WhenAll(_clients.Values.Select(static c => c.Ended));
    }
}
