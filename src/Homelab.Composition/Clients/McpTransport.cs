namespace Homelab.Composition.Clients;

/// <summary>How a client speaks to a server.</summary>
public enum McpTransport
{
    /// <summary>The client starts it, and speaks over its standard input and output.</summary>
    Stdio,

    /// <summary>It runs already, and has an address.</summary>
    Http,
}
