namespace Homelab;

/// <summary>
/// What kind of failure it was. Each face maps a kind once: to an ErrorCategory, an HTTP status, an MCP error and a retry rule.
/// </summary>
public enum ErrorKind
{
    /// <summary>The named thing does not exist. HTTP 404.</summary>
    NotFound,

    /// <summary>The input is wrong; the same call can never succeed. HTTP 400.</summary>
    Invalid,

    /// <summary>The caller may not do this: level, policy or missing rights. HTTP 403.</summary>
    Denied,

    /// <summary>The caller may, but not now: cooldown, budget, rate, window, or a person said no. HTTP 429.</summary>
    Refused,

    /// <summary>The thing is in a state that forbids it, or somebody else is changing it. HTTP 409.</summary>
    Conflict,

    /// <summary>The system could not be reached, or its answer was lost. HTTP 503.</summary>
    Unavailable,

    /// <summary>It took longer than allowed. HTTP 504.</summary>
    Timeout,

    /// <summary>The system answered that it failed, or what it did could not be verified. HTTP 502.</summary>
    Failed,
}
