using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>Generated readers of what a login answers.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TicketWire))]
internal sealed partial class LoginJson : JsonSerializerContext;

// A class, not a record: it must not print itself.
internal sealed class TicketWire
{
    [JsonPropertyName("ticket")]
    public string? Ticket { get; init; }

    [JsonPropertyName("CSRFPreventionToken")]
    public string? Csrf { get; init; }
}
