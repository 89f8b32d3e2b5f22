namespace Homelab.Host.Mcp.Http;

/// <summary>The requests under way, by who asked and with what credential: so that they can be ended with it, and so that one client cannot take all there is.</summary>
internal sealed class Visits(CancellationToken stopping)
{
    /// <summary>So many requests of one caller are answered at once. A client that asks for more waits for its own.</summary>
    internal const int MostOfOne = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<Visit> _open = [];

    /// <summary>The credentials by which somebody is inside.</summary>
    internal IReadOnlyList<string> Credentials
    {
        get
        {
            lock (_lock) return [.. _open.Select(static v => v.Credential).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Begins one; null when its caller has too many already.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="credential">The hash of what he showed.</param>
    /// <param name="isListening">True for a stream that only listens, and can be opened anew without loss.</param>
    /// <param name="aborted">Ends with the connection.</param>
    internal Visit? Begin(Caller caller, string credential, bool isListening, CancellationToken aborted)
    {
        lock (_lock)
        {
            if (_open.Count(v => v.Caller == caller) >= MostOfOne) return null;
            var visit = new Visit(this, caller, credential, isListening, CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping));
            _open.Add(visit);
            return visit;
        }
    }

    /// <summary>Ends what was begun with a credential.</summary>
    /// <returns>How many there were.</returns>
    internal int End(string credential, bool onlyListening)
    {
        Visit[] ended;
        lock (_lock) ended = [.. _open.Where(v => v.Credential == credential && (v.IsListening || !onlyListening))];
        foreach (var visit in ended) visit.End();
        return ended.Length;
    }

    /// <summary>One request under way.</summary>
    internal sealed class Visit(Visits visits, Caller caller, string credential, bool isListening, CancellationTokenSource gone) : IDisposable
    {
        internal Caller Caller => caller;

        internal string Credential => credential;

        /// <summary>True for a stream that only listens; a message may turn out to ask for one.</summary>
        internal bool IsListening { get; set; } = isListening;

        /// <summary>Ends when the client is gone, the program stops, or the credential does not hold any more.</summary>
        internal CancellationToken Gone { get; } = gone.Token;

        public void Dispose()
        {
            lock (visits._lock) visits._open.Remove(this);
            gone.Dispose();
        }

        internal void End()
        {
            try
            {
                gone.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It came to its end in the same moment.
            }
        }
    }
}
