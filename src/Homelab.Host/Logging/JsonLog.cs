using Homelab.Automation.Healing;

namespace Homelab.Host.Logging;

/// <summary>Writes one <see cref="HomelabEvent"/> per line. Known secrets are masked before anything is written.</summary>
internal sealed class JsonLog(TextWriter output, TimeProvider time) : IHealingObserver
{
    private readonly Lock _lock = new();

    /// <summary>Knows the secrets that were opened.</summary>
    internal SecretRedactor? Redactor { get; set; }

    /// <inheritdoc/>
    public void On(HealingEvent what) => Write(HomelabNames.Of(what.Kind), what.Text, what.Service, what.Incident, what.Run);

    internal void Write(string name, string text, string service = "", string incident = "", string run = "")
    {
        // Masked before it is written as JSON: a secret with a quote in it would look different afterwards.
        var line = new HomelabEvent { Time = time.GetUtcNow(), Event = name, Service = Redact(service), Incident = incident, Run = run, Text = Redact(text) }.ToLine();
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string Redact(string text) => Redactor?.Redact(text) ?? text;
}
