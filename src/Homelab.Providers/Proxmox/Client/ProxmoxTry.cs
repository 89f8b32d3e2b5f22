namespace Homelab.Providers.Proxmox;

/// <summary>One request on its way to one node: its deadline, and what a failure of it means.</summary>
internal sealed class ProxmoxTry : IDisposable
{
    private readonly ProxmoxRequest _request;
    private readonly ProxmoxAddress _address;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;
    private readonly OnceBody? _body;

    internal ProxmoxTry(ProxmoxRequest request, ProxmoxAddress address, ProxmoxPass pass, TimeProvider time, CancellationToken cancellationToken)
    {
        _request = request;
        _address = address;
        _caller = cancellationToken;
        _deadline = new CancellationTokenSource(request.Timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        _body = request.Body();
        Message = request.Message(address, pass, _body);
    }

    internal HttpRequestMessage Message { get; }

    /// <summary>Cancelled by the caller, or when the time is over.</summary>
    internal CancellationToken Token => _either.Token;

    /// <summary>What a failure of the transport means. The caller's own cancellation stays what it is.</summary>
    internal Exception Explain(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is HomelabException known) return known;
        }

        var nothingHappened = _body is not { Sent: true };
        if (e is OperationCanceledException)
        {
            if (_caller.IsCancellationRequested) return e;
            if (_deadline.IsCancellationRequested) return ProxmoxErrors.TimedOut(_address, _request, nothingHappened, e);
        }

        return e is InvalidDataException
            ? ProxmoxErrors.Unreadable(_address.ToString(), _request, "it is said to be compressed, and is not", e)
            : ProxmoxErrors.Lost(_address, _request, nothingHappened, e);
    }

    public void Dispose()
    {
        // Its content is disposed with it.
        Message.Dispose();
        _either.Dispose();
        _deadline.Dispose();
    }
}
