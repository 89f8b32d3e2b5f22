using System.Net;

namespace Homelab.Providers.Ssh;

/// <summary>A connection that many commands share. It lives in a process of ssh's own, and ends by itself when it has long had nothing to do.</summary>
/// <param name="Way">The way it took.</param>
/// <param name="Socket">Where commands find it.</param>
internal sealed record SshMaster(SshWay Way, string Socket)
{
    internal IPAddress Address => Way.Address;

    /// <summary>True when it has ended: it takes its socket with it.</summary>
    internal bool IsGone => !File.Exists(Socket);

    /// <summary>The options that run a line over it.</summary>
    internal IReadOnlyList<string> Command(string line) => SshWay.Over(Socket, "--", Way.Destination, line);

    /// <summary>Ends it.</summary>
    internal async Task EndAsync(SshManner manner, CancellationToken cancellationToken)
    {
        if (IsGone) return;
        await SshProcess.RunAsync(Way.Login.Host, manner, ["-F", "none", "-O", "exit", "-S", Socket, "--", Way.Destination], staysBehind: false, cancellationToken).ConfigureAwait(false);
    }
}
