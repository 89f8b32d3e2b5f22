namespace Homelab;

/// <summary>The one exception that operations, the gate and the clients throw on purpose.</summary>
public class HomelabException : Exception
{
    /// <param name="kind">What kind of failure it was; faces map it once.</param>
    /// <param name="id">A stable PascalCase id, noun and problem: <c>ContainerNotFound</c>. It never changes.</param>
    /// <param name="message">What failed, on what, and what to do next. Never holds a secret.</param>
    /// <param name="target">The thing it failed on, as the caller named it.</param>
    /// <param name="inner">The cause.</param>
    public HomelabException(ErrorKind kind, string id, string message, string? target = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Id = id;
        Target = target;
    }

    /// <summary>What kind of failure it was.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The stable id.</summary>
    public string Id { get; }

    /// <summary>The thing it failed on, if there is one.</summary>
    public string? Target { get; }

    /// <summary>
    /// True when it is certain that the target was left as it was: the connection was refused before a byte was sent, or the
    /// system rejected the request. Only then may a change that is not idempotent be tried again.
    /// </summary>
    public bool NothingHappened { get; init; }
}
