using System.Text.Encodings.Web;
using System.Text.Json;
using Homelab.Automation.Healing;

namespace Homelab.Host.Logging;

/// <summary>Writes one JSON object per line: time, event, service, incident, text. Known secrets are masked before anything is written.</summary>
internal sealed class JsonLog(TextWriter output, TimeProvider time) : IHealingObserver
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    /// <summary>Knows the secrets that were opened.</summary>
    internal SecretRedactor? Redactor { get; set; }

    /// <inheritdoc/>
    public void On(HealingEvent what) => Write(HomelabNames.Of(what.Kind), what.Text, what.Service, what.Incident);

    internal void Write(string name, string text, string service = "", string incident = "")
    {
        var line = JsonSerializer.Serialize(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["time"] = time.GetUtcNow().ToString("O"),
                ["event"] = name,
                // Before it is written as JSON: a secret with a quote in it would look different afterwards.
                ["service"] = Redact(service),
                ["incident"] = incident,
                ["text"] = Redact(text),
            }.Where(p => p.Value.Length > 0).ToDictionary(StringComparer.Ordinal),
            s_options);
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string Redact(string text) => Redactor?.Redact(text) ?? text;
}
