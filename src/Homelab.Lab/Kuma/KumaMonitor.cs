namespace Homelab.Lab.Kuma;

/// <summary>A monitor as somebody sets it up in Uptime Kuma.</summary>
public sealed record KumaMonitor
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>http</c>, <c>keyword</c>, <c>port</c>, <c>dns</c>, <c>push</c>, …</summary>
    public string Type { get; init; } = "http";

    /// <summary>The URL, for monitors that watch one.</summary>
    public Uri? Url { get; init; }

    /// <summary>The host, for monitors that watch one.</summary>
    public string? Hostname { get; init; }

    /// <summary>The port, for monitors that watch one.</summary>
    public int? Port { get; init; }

    /// <summary>Looks, and says whether it works and in what words. <see cref="KumaChecks"/> has some.</summary>
    public required Func<CancellationToken, Task<(bool Up, string Message)>> Check { get; init; }

    /// <summary>The token of a <c>push</c> monitor: <c>/api/push/{token}</c>.</summary>
    public string? PushToken { get; init; }

    /// <summary>The password it looks with. Only who is logged in is told it.</summary>
    public string? Password { get; init; }

    /// <summary>How far apart the looks are once they run by themselves.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many failures are pending before one is down.</summary>
    public int MaxRetries { get; init; }

    /// <summary>After how many failures in a row it says again that it is down; never when 0.</summary>
    public int ResendInterval { get; init; }
}

/// <summary>A look as Kuma keeps it.</summary>
/// <param name="Status">0 down, 1 up, 2 pending, 3 maintenance.</param>
/// <param name="Message">What it says.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="Ping">Milliseconds, where one was measured.</param>
/// <param name="Important">True when the state changed.</param>
/// <param name="Retries">Failures in a row.</param>
/// <param name="Duration">Seconds since the look before.</param>
/// <param name="LastDownAt">For an up: when it went down.</param>
/// <param name="Notified">True when the webhook was told.</param>
public sealed record KumaBeat(int Status, string Message, DateTimeOffset At, int? Ping, bool Important, int Retries, int Duration, DateTimeOffset? LastDownAt, bool Notified);

/// <summary>Who may log in.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Password">The user's password.</param>
public sealed record KumaUser(string Name, string Password)
{
    /// <summary>The code of the second factor that must be given; none when null.</summary>
    public Func<string>? Code { get; init; }
}

/// <summary>The release that is simulated; they differ in what they send and show.</summary>
public enum KumaRelease
{
    /// <summary>1.23.17.</summary>
    One,

    /// <summary>2.5.3.</summary>
    Two,
}

/// <summary>The form of a webhook's delivery.</summary>
public enum KumaBodyForm
{
    /// <summary>A JSON body.</summary>
    Json,

    /// <summary>Form-data, with the JSON in a part named <c>data</c>.</summary>
    FormData,

    /// <summary>A custom body whose template writes the same JSON. Kuma sends it as a form, which it is not.</summary>
    Custom,

    /// <summary>GET, with the JSON in the query. Only 2.x.</summary>
    Query,
}

/// <summary>A webhook notification as somebody sets it up in Uptime Kuma.</summary>
/// <param name="Url">Where it goes.</param>
/// <param name="Bearer">The token in its additional <c>Authorization</c> header.</param>
/// <param name="Form">In what form.</param>
public sealed record KumaHook(Uri Url, string? Bearer = null, KumaBodyForm Form = KumaBodyForm.Json);

/// <summary>What became of a delivery.</summary>
/// <param name="Body">The JSON.</param>
/// <param name="Status">The receiver's HTTP status; null when it could not be reached.</param>
/// <param name="Error">Why it could not be reached.</param>
public sealed record KumaDelivery(string Body, int? Status, string? Error);
