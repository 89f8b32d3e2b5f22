using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Homelab.Tests;

/// <summary>Ports of the loopback for programs that must be told theirs before they start, and ports on which nobody listens.</summary>
public static class FreePort
{
    private const int Tries = 5;

    // Below those that a system hands to whoever asks for any port: nobody is given one of these between the look at it and its use.
    private const int First = 20_000;
    private const int End = 32_000;

    private static readonly string[] s_taken = ["address already in use", "address in use", "already allocated"];

    /// <summary>A port that nobody uses, by TCP or UDP.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (IsFree(port)) return port;
        }
    }

    /// <summary>Starts a program on a free port, and on another one where somebody was faster: it fails with what the program said.</summary>
    public static async Task<T> StartAsync<T>(Func<int, Task<T>> startAsync)
    {
        ArgumentNullException.ThrowIfNull(startAsync);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await startAsync(Find());
            }
            catch (Exception e) when (attempt < Tries && IsTaken(e.Message))
            {
                // Taken since the look: another one.
            }
        }
    }

    /// <summary>True when a program says that its port is somebody else's.</summary>
    public static bool IsTaken(string said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return s_taken.Any(t => said.Contains(t, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsFree(int port)
    {
        using var tcp = new TcpListener(IPAddress.Loopback, port);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            tcp.Start();
            udp.Bind(tcp.LocalEndpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
