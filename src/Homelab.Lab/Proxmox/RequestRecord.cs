namespace Homelab.Lab.Proxmox;

/// <summary>What of a request is remembered: everything but secrets.</summary>
internal static class RequestRecord
{
    internal static IReadOnlyDictionary<string, string> NoFields { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static IReadOnlyDictionary<string, string> Fields(Dictionary<string, IReadOnlyList<string>> values) =>
        values.ToDictionary(static v => v.Key, static v => IsSecret(v.Key) ? "***" : string.Join(',', v.Value), StringComparer.Ordinal);

    private static bool IsSecret(string name) => name is "password" or "cipassword" or "confirmation-password" or "vncticket" or "tfa-challenge" or "ssh-public-keys";
}
