using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>
/// Looks whether a host is up: by an echo where this process may send one, else by its TCP ports, where a port that refuses proves as much as one
/// that accepts. A host that keeps silent on echoes is asked on its ports as well, within the same time.
/// </summary>
internal sealed class PingProbe(TimeProvider time, Action<string> trace)
{
    private const string Icmp = "icmp";
    private const int MostAddresses = 4;

    // The part of the time that an echo has for itself: more than any answer in a homelab needs.
    private const int HeadStart = 4;

    /// <summary>Asks as often as it is told to, one after the other.</summary>
    internal async Task<HostReading> AskAsync(PingTarget target, PingOptions options, CancellationToken cancellationToken)
    {
        var latencies = new List<TimeSpan>();
        var last = new Answer("", Look.Unknown("it was not asked"));
        Answer? proof = null;
        var sent = 0;
        while (sent < options.Count)
        {
            last = await OnceAsync(target, options, cancellationToken).ConfigureAwait(false);
            sent++;
            // What cannot be asked once cannot be asked the next moment either.
            if (last.Look.Status is ProbeStatus.Unknown) break;
            if (last.Look.Status is not ProbeStatus.Up) continue;
            proof ??= last;
            latencies.Add(last.Look.Latency);
        }

        var told = proof ?? last;
        trace($"ping {target.Address} → {told.Look.Status}: {told.Look.Detail}");
        return new HostReading
        {
            Host = target.Host,
            Address = target.Address,
            Status = told.Look.Status,
            Via = proof?.Via ?? "",
            Latency = latencies.Count > 0 ? TimeSpan.FromTicks((long)latencies.Average(static l => l.Ticks)) : null,
            Min = latencies.Count > 0 ? latencies.Min() : null,
            Max = latencies.Count > 0 ? latencies.Max() : null,
            Sent = sent,
            Received = latencies.Count,
            Detail = latencies.Count == sent || latencies.Count == 0 ? told.Look.Detail : $"{told.Look.Detail}; {sent - latencies.Count} of {sent} were not answered",
        };
    }

    private async Task<Answer> OnceAsync(PingTarget target, PingOptions options, CancellationToken cancellationToken)
    {
        var via = "";
        var latency = TimeSpan.Zero;
        var look = await Look.TakeAsync(
            time,
            options.Timeout,
            async token =>
            {
                var addresses = await target.ResolveAsync(token).ConfigureAwait(false);
                var answer = await FirstAsync(target, [.. addresses.Take(MostAddresses)], options, token).ConfigureAwait(false);
                (via, latency) = (answer.Via, answer.Look.Latency);
                return answer.Look;
            },
            cancellationToken).ConfigureAwait(false);
        // How long the name took to be resolved says nothing about the host.
        return new Answer(via, look with { Latency = latency });
    }

    // The first proof wins; without one, the reason of the way that was tried first is the best.
    private async Task<Answer> FirstAsync(PingTarget target, IReadOnlyList<IPAddress> addresses, PingOptions options, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ways = addresses.SelectMany(address => Ways(target, address, options, ending.Token)).ToList();
        Answer? reason = null;
        try
        {
            await foreach (var way in Task.WhenEach(ways).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                var answer = await way.ConfigureAwait(false);
                if (answer.Look.Status is ProbeStatus.Up) return answer;
                // That we may not send echoes is worth telling only where nothing else could be tried.
                if (reason is null || reason.Look.Status is ProbeStatus.Unknown) reason = answer;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(ways)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return reason!;
    }

    private IEnumerable<Task<Answer>> Ways(PingTarget target, IPAddress address, PingOptions options, CancellationToken cancellationToken)
    {
        var silence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (options.Method is PingMethod.Tcp) silence.SetResult();
        else yield return EchoAsync(address, silence, cancellationToken);
        if (options.Method is PingMethod.Icmp) yield break;
        foreach (var port in options.Ports ?? target.Ports) yield return ConnectAsync(address, port, silence.Task, options, cancellationToken);
    }

    private async Task<Answer> EchoAsync(IPAddress address, TaskCompletionSource silence, CancellationToken cancellationToken)
    {
        using var socket = IcmpSocket.Open(address.AddressFamily);
        if (socket is null)
        {
            silence.TrySetResult();
            return new Answer(Icmp, Look.Unknown("this process may not send ICMP echoes"));
        }

        var started = time.GetTimestamp();
        try
        {
            await socket.EchoAsync(address, cancellationToken).ConfigureAwait(false);
            return new Answer(Icmp, Look.Up($"echo from {address}") with { Latency = time.GetElapsedTime(started) });
        }
        catch (SocketException e)
        {
            silence.TrySetResult();
            return new Answer(Icmp, Look.Of(e));
        }
    }

    private async Task<Answer> ConnectAsync(IPAddress address, int port, Task silence, PingOptions options, CancellationToken cancellationToken)
    {
        await Task.WhenAny(silence, Task.Delay(Look.Bound(options.Timeout) / HeadStart, time, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var via = string.Create(CultureInfo.InvariantCulture, $"tcp:{port}");
        var started = time.GetTimestamp();
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            return new Answer(via, Look.Up($"port {port} of {address} accepts connections") with { Latency = time.GetElapsedTime(started) });
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return new Answer(via, Look.Up($"port {port} of {address} refuses connections, so the host is up") with { Latency = time.GetElapsedTime(started) });
        }
        catch (SocketException e)
        {
            return new Answer(via, Look.Of(e));
        }
    }

    private sealed record Answer(string Via, Look Look);
}

/// <summary>How hosts are asked.</summary>
/// <param name="Method">By which way.</param>
/// <param name="Ports">The ports to ask in place of those a host is known by.</param>
/// <param name="Count">How often.</param>
/// <param name="Timeout">How long each may take.</param>
internal sealed record PingOptions(PingMethod Method, IReadOnlyList<int>? Ports, int Count, TimeSpan Timeout)
{
    /// <summary>Once, by any way, within two seconds.</summary>
    internal static PingOptions Usual { get; } = new(PingMethod.Auto, null, 1, TimeSpan.FromSeconds(2));
}
