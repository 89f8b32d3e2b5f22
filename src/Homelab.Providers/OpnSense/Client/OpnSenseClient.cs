using System.Net;
using System.Text;
using System.Text.Json;

namespace Homelab.Providers.OpnSense;

/// <summary>OPNsense's API, as far as its own state and its services go.</summary>
/// <remarks>
/// https://docs.opnsense.org/development/api/core/core.html; as opnsense/core has it in <c>OPNsense/Core/Api/SystemController.php</c> and <c>ServiceController.php</c>. A GET with a content
/// type of JSON is refused there, and a POST without a body as well.
/// </remarks>
internal sealed class OpnSenseClient : IDisposable
{
    // The firewall waits for the service's own script before it answers.
    private static readonly TimeSpan s_longAnswer = TimeSpan.FromMinutes(2);
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    private readonly HttpPeer _peer;

    internal OpnSenseClient(OpnSenseSettings settings, ProviderContext context)
    {
        Settings = settings;
        _peer = new HttpPeer(
            new HttpPeerDefinition(OpnSenseNames.Provider, OpnSenseNames.Product, OpnSenseNames.Prefix, settings.Url)
            {
                Key = settings.Key,
                Password = settings.Secret,
                Tls = settings.Tls,
                LoginHint = "Look at providers.opnsense.key and secret in the lab file: they are those of an API key (System, Access, Users), not a user's name and password.",
                RightsHint = "Give the API key's user the privileges that it needs there (System, Access, Users): System: Status, Status: Services, Diagnostics: System Activity.",
            },
            context);
        Address = new Uri(_peer.Root);
    }

    internal OpnSenseSettings Settings { get; }

    /// <summary>Its address, without anything secret.</summary>
    internal Uri Address { get; }

    /// <summary>What it says of itself.</summary>
    internal async Task<FirewallStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        using var json = await GetAsync("core/system/status", cancellationToken).ConfigureAwait(false);
        return Read(() => StatusReader.Read(json.RootElement, Address.GetLeftPart(UriPartial.Authority)));
    }

    internal async Task<IReadOnlyList<FirewallService>> ListServicesAsync(CancellationToken cancellationToken)
    {
        using var json = await GetAsync("core/service/search", cancellationToken).ConfigureAwait(false);
        return Read(() => ServiceReader.Read(json.RootElement));
    }

    /// <summary>One service by its name, exact or but for the case of its letters.</summary>
    internal async Task<FirewallService> FindServiceAsync(string name, CancellationToken cancellationToken)
    {
        var all = await ListServicesAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(s => s.Name == name) ?? all.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw OpnSenseErrors.NoService(name, all);
    }

    /// <summary>The processes that run a service, or null where the key may not see processes.</summary>
    internal async Task<IReadOnlySet<int>?> FindProcessesAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            using var json = await GetAsync("diagnostics/activity/getActivity", cancellationToken).ConfigureAwait(false);
            return Read(() => ProcessReader.Read(json.RootElement, service));
        }
        catch (HomelabException e) when (e.Id == OpnSenseNames.Prefix + "RightsMissing")
        {
            return null;
        }
    }

    /// <summary>Asks for a restart. Its answer is <c>ok</c> whatever comes of it.</summary>
    internal async Task RestartAsync(string service, CancellationToken cancellationToken)
    {
        var path = string.Join('/', service.Split('/', 2).Select(Uri.EscapeDataString));
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        var answer = await _peer.SendAsync(HttpMethod.Post, $"/api/core/service/restart/{path}", content, s_longAnswer, cancellationToken).ConfigureAwait(false);
        using var json = Parse(answer);
        var said = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("result", out var result) ? result.ToString() : null;
        if (said != "ok") throw _peer.Problem(ErrorKind.Failed, "RestartRefused", $"did not take the restart of {service}: {ForeignText.Clean(said ?? answer.Said(120), 120)}", "Look at its log: System, Log Files, Backend.");
    }

    public void Dispose() => _peer.Dispose();

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken) =>
        Parse(await _peer.SendAsync(HttpMethod.Get, $"/api/{path}", content: null, cancellationToken).ConfigureAwait(false));

    private JsonDocument Parse(HttpPeerAnswer answer)
    {
        if (answer.Status != HttpStatusCode.OK || !answer.IsJson) throw _peer.Odd($"answered HTTP {(int)answer.Status}{(answer.IsJson ? $": {answer.Said(120)}" : " and no JSON")}");
        try
        {
            return JsonDocument.Parse(answer.Body, s_options);
        }
        catch (JsonException e)
        {
            throw _peer.Odd("answered something that is no JSON", e);
        }
    }

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw _peer.Odd($"answered {ForeignText.Clean(e.Message, 160)}", e);
        }
    }
}
