namespace Homelab.Providers.Mcp;

/// <summary>How much a server may still send and ask for in one talk, whatever it sends.</summary>
/// <param name="faults">Says what is wrong.</param>
internal sealed class Allowance(McpFaults faults)
{
    internal const int MostBytes = 8 * 1024 * 1024;
    internal const int MostRequests = 200;

    private long _bytes = MostBytes;
    private int _requests = MostRequests;
    private HomelabException? _trouble;

    /// <summary>The first thing that was seen to be wrong below the protocol; it explains what fails above.</summary>
    internal HomelabException? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Keeps what was seen first.</summary>
    internal HomelabException Note(HomelabException trouble)
    {
        Interlocked.CompareExchange(ref _trouble, trouble, null);
        return trouble;
    }

    /// <summary>Forgets what was seen.</summary>
    internal void Forget() => Volatile.Write(ref _trouble, null);

    /// <summary>Counts what came.</summary>
    /// <exception cref="IOException">It is too much.</exception>
    internal void Take(int bytes)
    {
        if (Interlocked.Add(ref _bytes, -bytes) >= 0) return;
        Note(faults.Odd($"sends more than {ByteSize.Format(MostBytes)} for a few questions"));
        throw new IOException("The server sends too much.");
    }

    /// <summary>Counts a request that is made of it.</summary>
    /// <exception cref="HttpRequestException">It is one too many: a server can ask for answers, and for the same again.</exception>
    internal void Ask()
    {
        if (Interlocked.Decrement(ref _requests) >= 0) return;
        Note(faults.Odd($"wants more than {MostRequests} requests for a few questions"));
        throw new HttpRequestException("The server wants too many requests.");
    }
}
