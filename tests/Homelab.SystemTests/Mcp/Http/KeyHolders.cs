using Microsoft.AspNetCore.Http;
using Homelab.Host.Mcp.Http;
using Homelab.Host.Web;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>Knows clients by their API keys, and turns everybody else away.</summary>
internal sealed class KeyHolders(ICredentialStore store, TimeProvider time)
{
    internal async Task<Caller?> LetInAsync(HttpContext http)
    {
        var key = Credential.HashOf(http) is { Length: > 0 } hash ? await store.FindKeyAsync(hash, http.RequestAborted) : null;
        if (key is not null && key.Holds(time.GetUtcNow())) return new Caller(Face.Mcp, key.Name) { Ceiling = key.Level, Scope = key.Scope };
        http.Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "TokenRefused", "The bearer token is missing or wrong.");
        return null;
    }
}
