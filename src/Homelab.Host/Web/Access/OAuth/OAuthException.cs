namespace Homelab.Host.Web.Access.OAuth;

/// <summary>A request that is refused as RFC 6749 has it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="error">The error's code: <c>invalid_grant</c>.</param>
/// <param name="description">What is wrong and what to do, for the client's developer.</param>
internal sealed class OAuthException(int status, string error, string description) : Exception(description)
{
    internal int Status { get; } = status;

    internal string Error { get; } = error;

    internal static OAuthException Request(string description) => new(StatusCodes.Status400BadRequest, "invalid_request", description);

    internal static OAuthException Grant(string description) => new(StatusCodes.Status400BadRequest, "invalid_grant", description);

    internal static OAuthException Target(string description) => new(StatusCodes.Status400BadRequest, "invalid_target", description);
}
