namespace Homelab.Providers.Tailscale;

/// <summary>Where Tailscale is on this machine.</summary>
/// <param name="Socket">The socket of tailscaled; null where it has none that we could use.</param>
/// <param name="MustHaveSocket">True when the lab file names the socket: then the program is no way round it.</param>
/// <param name="Commands">The programs to try, in order.</param>
internal sealed record TailscalePlaces(string? Socket, bool MustHaveSocket, IReadOnlyList<string> Commands)
{
    internal static TailscalePlaces Of(TailscaleSettings? settings)
    {
        if (settings?.Socket is { Length: > 0 } socket) return new TailscalePlaces(socket, MustHaveSocket: true, []);
        if (settings?.Command is { Length: > 0 } command) return new TailscalePlaces(Socket: null, MustHaveSocket: false, [command]);
        return OperatingSystem.IsWindows()
            ? new TailscalePlaces(Socket: null, MustHaveSocket: false, ["tailscale.exe", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Tailscale", "tailscale.exe")])
            : new TailscalePlaces("/var/run/tailscale/tailscaled.sock", MustHaveSocket: false, ["tailscale", "/Applications/Tailscale.app/Contents/MacOS/Tailscale"]);
    }
}
