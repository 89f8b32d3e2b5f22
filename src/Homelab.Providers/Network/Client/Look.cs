using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Homelab.Providers.Network;

/// <summary>What one look found, before it is known whose it was.</summary>
internal sealed record Look(ProbeStatus Status, string Detail)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    internal TimeSpan Latency { get; init; }

    internal int? HttpStatus { get; init; }

    internal int? DaysLeft { get; init; }

    internal bool? BodyMatch { get; init; }

    internal PortState? Port { get; init; }

    internal string Banner { get; init; } = "";

    internal static Look Up(string detail) => new(ProbeStatus.Up, detail);

    internal static Look Down(string detail) => new(ProbeStatus.Down, detail);

    internal static Look Unknown(string detail) => new(ProbeStatus.Unknown, detail);

    /// <summary>Looks, measures, ends the look after the timeout, and turns whatever goes wrong on the way into a verdict. Only the caller's own cancellation goes through.</summary>
    internal static async Task<Look> TakeAsync(TimeProvider time, TimeSpan timeout, Func<CancellationToken, Task<Look>> look, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(Bound(timeout), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Look found;
        try
        {
            found = await look(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            found = Down($"no answer within {Duration.Format(timeout)}");
        }
        catch (HomelabException e)
        {
            found = Unknown(ForeignText.Clean(e.Message, 300));
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or HttpRequestException)
        {
            found = Of(e);
        }

        // Whoever cancelled gets no verdict, whatever the look made of it.
        cancellationToken.ThrowIfCancellationRequested();
        return found with { Latency = time.GetElapsedTime(started) };
    }

    /// <summary>What was found, with whose it was.</summary>
    internal ProbeResult Of(string name, string kind, string address) => new()
    {
        Name = name,
        Kind = kind,
        Address = address,
        Status = Status,
        Detail = Detail,
        Latency = Latency,
        HttpStatus = HttpStatus,
        DaysLeft = DaysLeft,
        BodyMatch = BodyMatch,
        Port = Port,
        Banner = Banner,
    };

    /// <summary>A timeout that a timer can take, whatever a file said.</summary>
    internal static TimeSpan Bound(TimeSpan timeout) => timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout > s_longest ? s_longest : timeout;

    /// <summary>What a failure of the wire says about the peer, in words for people.</summary>
    internal static Look Of(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket) return Of(socket);
        }

        return failure switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => Unknown("the answer is no HTTP"),
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => Down("the connection ended before the answer did"),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException => Down("no TLS connection: " + Reason(failure)),
            IOException => Down("the connection ended before the answer did"),
            _ => Unknown(Reason(failure)),
        };
    }

    private static Look Of(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => Down("connection refused"),
        SocketError.ConnectionReset or SocketError.ConnectionAborted => Down("connection reset"),
        SocketError.TimedOut => Down("no answer"),
        // A route that throws packets away says so with "invalid argument", one that is forbidden with "access denied".
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.InvalidArgument => Down("no route to the host"),
        SocketError.AccessDenied => Down("the way to the host is forbidden here"),
        // It was never asked: whether it lives nobody knows.
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Unknown("the host's name cannot be resolved"),
        _ => Unknown(ForeignText.Clean(e.Message, 200)),
    };

    private static string Reason(Exception e)
    {
        while (e.InnerException is not null) e = e.InnerException;
        return ForeignText.Clean(e.Message, 200);
    }
}
