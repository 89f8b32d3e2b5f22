namespace Homelab.Providers.Docker;

/// <summary>One call on its way: its deadline, and what a failure of it means.</summary>
internal sealed class WireCall : IDisposable
{
    private readonly DockerEndpoint _endpoint;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;

    internal WireCall(DockerEndpoint endpoint, HttpMethod method, string path, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        _endpoint = endpoint;
        _timeout = timeout;
        _caller = cancellationToken;
        _deadline = new CancellationTokenSource(timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        Method = method;
        Path = path;
    }

    internal HttpMethod Method { get; }

    internal string Path { get; }

    /// <summary>What a request that changes something says, as JSON; nothing when empty.</summary>
    internal ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The body of a request that changes something.</summary>
    internal WireBody? Body { get; private set; }

    /// <summary>Cancelled by the caller, or when the time is over.</summary>
    internal CancellationToken Token => _either.Token;

    internal HttpRequestMessage Request(string prefix)
    {
        Body = Method == HttpMethod.Get ? null : new WireBody(Json);
        return new HttpRequestMessage(Method, "http://docker" + prefix + Path) { Content = Body };
    }

    /// <summary>What a failure of the transport means. The caller's own cancellation stays what it is.</summary>
    internal Exception Explain(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HomelabException known) return known;
        }

        var nothingHappened = Body is not { Sent: true };
        if (e is not OperationCanceledException) return DockerErrors.Lost(_endpoint, ToString(), nothingHappened, e);
        if (_caller.IsCancellationRequested) return e;
        return _deadline.IsCancellationRequested
            ? DockerErrors.TimedOut(_endpoint, ToString(), _timeout, nothingHappened, e)
            : DockerErrors.Lost(_endpoint, ToString(), nothingHappened, e);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";

    public void Dispose()
    {
        _either.Dispose();
        _deadline.Dispose();
    }
}
