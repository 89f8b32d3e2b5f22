namespace Homelab.Lab.Proxmox;

/// <summary>The daemon refuses a request before its API sees it: plain text in place of JSON.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The text, sent as it is.</param>
internal sealed class UnreadableBodyException(int status, string message) : Exception(message)
{
    internal int Status { get; } = status;
}
