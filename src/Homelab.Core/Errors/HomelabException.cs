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

    /// <summary>What to do next, as the message ends with it; empty where the message was not made of parts.</summary>
    public string WayOut { get; init; } = "";

    /// <summary>The message without <see cref="WayOut"/>: what failed, on what.</summary>
    public string What => WayOut.Length > 0 && Message.EndsWith(WayOut, StringComparison.Ordinal) ? Message[..^WayOut.Length].TrimEnd() : Message;

    /// <summary>How long the system wants to be left alone before it is asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True when it is certain that the target was left as it was: the connection was refused before a byte was sent, or the
    /// system rejected the request. Only then may a change that is not idempotent be tried again.
    /// </summary>
    public bool NothingHappened { get; init; }
}
