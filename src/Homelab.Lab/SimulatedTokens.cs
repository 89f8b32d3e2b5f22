using System.Security.Cryptography;
using Homelab.Lab.Ssh;

namespace Homelab.Lab;

/// <summary>Secrets of a simulated homelab, and the names of the environment variables under which a lab file refers to them.</summary>
/// <param name="Hook">What Uptime Kuma shows at our door.</param>
/// <param name="KumaKey">What opens Uptime Kuma's metrics.</param>
/// <param name="Telegram">The bot's token.</param>
/// <param name="Proxmox">What opens the Proxmox API: <c>user@realm!id=secret</c>.</param>
public sealed record SimulatedTokens(string Hook, string KumaKey, string Telegram, string Proxmox)
{
    /// <summary>The user that may log in to Uptime Kuma.</summary>
    public const string KumaUser = "admin";

    /// <summary>The variable of <see cref="KumaPassword"/>.</summary>
    public const string KumaPasswordVariable = "HOMELAB_SIMULATED_KUMA_PASSWORD";

    /// <summary>The password of <see cref="KumaUser"/>.</summary>
    public string KumaPassword { get; } = Random(16);

    /// <summary>The variable of <see cref="OpnSenseKey"/>.</summary>
    public const string OpnSenseKeyVariable = "HOMELAB_SIMULATED_OPNSENSE_KEY";

    /// <summary>The variable of <see cref="OpnSenseSecret"/>.</summary>
    public const string OpnSenseSecretVariable = "HOMELAB_SIMULATED_OPNSENSE_SECRET";

    /// <summary>The user whose key <see cref="TrueNasKey"/> is.</summary>
    public const string TrueNasUser = "homelab";

    /// <summary>The variable of <see cref="TrueNasKey"/>.</summary>
    public const string TrueNasVariable = "HOMELAB_SIMULATED_TRUENAS_KEY";

    /// <summary>The key of the firewall's API.</summary>
    public string OpnSenseKey { get; } = Random(40);

    /// <summary>The secret of <see cref="OpnSenseKey"/>.</summary>
    public string OpnSenseSecret { get; } = Random(40);

    /// <summary>What opens the storage server's API: its number, a hyphen and 64 letters and digits.</summary>
    public string TrueNasKey { get; } = "1-" + Random(32);

    /// <summary>The variable of <see cref="Hook"/>.</summary>
    public const string HookVariable = "HOMELAB_SIMULATED_HOOK_TOKEN";

    /// <summary>The variable of <see cref="KumaKey"/>.</summary>
    public const string KumaVariable = "HOMELAB_SIMULATED_KUMA_KEY";

    /// <summary>The variable of <see cref="Telegram"/>.</summary>
    public const string TelegramVariable = "HOMELAB_SIMULATED_TELEGRAM_TOKEN";

    /// <summary>The variable of <see cref="Proxmox"/>.</summary>
    public const string ProxmoxVariable = "HOMELAB_SIMULATED_PROXMOX_TOKEN";

    /// <summary>The variable of the chat's id.</summary>
    public const string ChatVariable = "HOMELAB_SIMULATED_TELEGRAM_CHAT";

    /// <summary>The variable of the private key by which hosts are logged in to.</summary>
    public const string SshVariable = "HOMELAB_SIMULATED_SSH_KEY";

    /// <summary>The chat's id.</summary>
    public const string Chat = "4711";

    /// <summary>What a process needs in its environment to open the references.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [HookVariable] = Hook,
        [KumaVariable] = KumaKey,
        [TelegramVariable] = Telegram,
        [ChatVariable] = Chat,
        [ProxmoxVariable] = Proxmox,
        [KumaPasswordVariable] = KumaPassword,
        [OpnSenseKeyVariable] = OpnSenseKey,
        [OpnSenseSecretVariable] = OpnSenseSecret,
        [TrueNasVariable] = TrueNasKey,
        [SshVariable] = Ssh.PrivatePem,
    };

    internal static SimulatedTokens New(string proxmox) => new(Random(24), "uk1_" + Random(20), $"110201543:{Random(17)}", proxmox);

    /// <summary>What opens the account on every host.</summary>
    internal SimulatedSshKey Ssh { get; } = new();

    private static string Random(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
