namespace Homelab.Lab.Proxmox;

/// <summary>The API refuses: what a <c>die</c> is to the real one. Inside a task the message becomes its exit status.</summary>
public sealed class ProxmoxRefusedException : Exception
{
    private ProxmoxRefusedException(int status, string message, IReadOnlyDictionary<string, string>? errors = null)
        : base(message)
    {
        Status = status;
        Errors = errors;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>What is wrong with each parameter; null when it is not about parameters.</summary>
    public IReadOnlyDictionary<string, string>? Errors { get; }

    /// <summary>500, as nearly everything that goes wrong.</summary>
    /// <param name="message">The text without its line end.</param>
    public static ProxmoxRefusedException Failed(string message) => new(500, message + "\n");

    /// <summary>400 about one parameter.</summary>
    public static ProxmoxRefusedException Parameter(string name, string text) =>
        Parameters(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = text });

    /// <summary>400 about parameters.</summary>
    public static ProxmoxRefusedException Parameters(IReadOnlyDictionary<string, string> errors) => new(400, "Parameter verification failed.\n", errors);

    /// <summary>403: <paramref name="what"/> is the path and the privilege.</summary>
    public static ProxmoxRefusedException Forbidden(string what) => new(403, $"Permission check failed ({what})\n");

    /// <summary>Any status, and a message that is sent as it is.</summary>
    public static ProxmoxRefusedException With(int status, string message) => new(status, message);

    /// <summary>The message without line ends around it.</summary>
    internal string Text => Message.TrimEnd('\n');
}
