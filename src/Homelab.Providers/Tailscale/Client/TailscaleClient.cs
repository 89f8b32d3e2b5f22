namespace Homelab.Providers.Tailscale;

/// <summary>This machine's Tailscale: its LocalAPI where there is a socket, else its program.</summary>
internal sealed class TailscaleClient(TailscalePlaces places, TimeProvider time, Action<string> trace)
{
    internal const string Target = "tailscale";

    /// <summary>A tailnet of thousands of machines is a few MiB.</summary>
    internal const int LargestAnswer = 16 * 1024 * 1024;

    /// <summary>How long it is given.</summary>
    internal static TimeSpan Limit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Its status.</summary>
    /// <exception cref="HomelabException">
    /// <c>TailscaleNotFound</c> (NotFound): not installed. <c>TailscaleNotRunning</c> (Unavailable): stopped or logged out. <c>TailscaleUnreachable</c> (Unavailable),
    /// <c>TailscaleDenied</c> (Denied), <c>TailscaleNoAnswer</c> (Timeout), <c>TailscaleAnswerUnreadable</c> (Failed).
    /// </exception>
    internal async Task<TailnetStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var status = StatusReader.Read(await AskAsync(either.Token).ConfigureAwait(false));
            return status.IsRunning ? status : throw NotRunning(status.BackendState);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "TailscaleNoAnswer", $"did not answer within {Duration.Format(Limit)}", "Look whether tailscaled hangs.");
        }
    }

    internal static HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) =>
        new(kind, id, $"Tailscale on this machine {what}. {wayOut}", Target, inner) { WayOut = wayOut };

    private async Task<ReadOnlyMemory<byte>> AskAsync(CancellationToken cancellationToken)
    {
        if (places.Socket is { } socket && (places.MustHaveSocket || File.Exists(socket)))
        {
            trace($"tailscale: GET /localapi/v0/status on {socket}");
            return await LocalApi.GetStatusAsync(socket, cancellationToken).ConfigureAwait(false);
        }

        foreach (var command in places.Commands)
        {
            trace($"tailscale: {command} status --json");
            if (await StatusCommand.RunAsync(command, cancellationToken).ConfigureAwait(false) is { } answer) return answer;
        }

        throw Problem(
            ErrorKind.NotFound,
            "TailscaleNotFound",
            $"was not found: there is {(places.Socket is null ? "" : $"no socket {places.Socket} and ")}no program {string.Join(" or ", places.Commands)}",
            "Install it (https://tailscale.com/download), or set providers.tailscale.socket or .command in the lab file.");
    }

    private static HomelabException NotRunning(string state) => Problem(
        ErrorKind.Unavailable,
        "TailscaleNotRunning",
        state switch
        {
            "NeedsLogin" => "is logged out",
            "NeedsMachineAuth" => "waits to be let into the tailnet",
            "Stopped" => "is stopped",
            "Starting" => "is still starting",
            _ => $"does not run: its state is '{ForeignText.Clean(state, 40)}'",
        },
        state switch
        {
            "NeedsLogin" => "Run 'tailscale up' there and log in by the address that it prints.",
            "NeedsMachineAuth" => "Approve the machine in the admin console of the tailnet.",
            "Starting" => "Try again in a moment.",
            _ => "Run 'tailscale up' there.",
        });
}
