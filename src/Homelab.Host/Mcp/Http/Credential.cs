namespace Homelab.Host.Mcp.Http;

/// <summary>The credential that a request shows, as the store knows it. Whether it is good is for others to say.</summary>
internal static class Credential
{
    private const string Bearer = "Bearer ";

    /// <summary>The hash of the bearer token; empty where none is shown.</summary>
    internal static string HashOf(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is var shown && shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? CredentialSecret.HashOf(shown[Bearer.Length..].Trim()) : "";
}
