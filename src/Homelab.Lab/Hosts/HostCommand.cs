namespace Homelab.Lab.Hosts;

/// <summary>A program that a simulated host was asked to run.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="AsRoot">True when it ran through <c>sudo</c>.</param>
public sealed record HostCommand(IReadOnlyList<string> Words, bool AsRoot)
{
    /// <summary>True for one that could change something. What a shell runs here only looks.</summary>
    public bool IsChange => Words is ["truncate" or "reboot", ..] or ["systemctl", "restart" or "reboot" or "start" or "stop", ..] or ["docker", "container", "restart" or "start" or "stop", ..];

    /// <inheritdoc/>
    public override string ToString() => CommandLine.Show(Words);
}
