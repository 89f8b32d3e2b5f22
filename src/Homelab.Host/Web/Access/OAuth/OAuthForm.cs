using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>The parameters of a request. One that is given twice means nothing, so it is refused. RFC 6749, 3.1 and 3.2.</summary>
internal sealed class OAuthForm
{
    private const string FormType = "application/x-www-form-urlencoded";

    private readonly Dictionary<string, StringValues> _values;

    private OAuthForm(Dictionary<string, StringValues> values) => _values = values;

    /// <summary>A parameter; null where it is not given, or empty.</summary>
    internal string? this[string name] => _values.TryGetValue(name, out var value) && value.Count == 1 && value[0] is { Length: > 0 } text ? text : null;

    /// <summary>Those of a query.</summary>
    /// <exception cref="OAuthException">One is given twice.</exception>
    internal static OAuthForm OfQuery(HttpContext http) => Of(QueryHelpers.ParseQuery(http.Request.QueryString.Value));

    /// <summary>Those of a body.</summary>
    /// <exception cref="OAuthException">It is no form; one is given twice; or there is a query, which ends in logs.</exception>
    internal static async Task<OAuthForm> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentType?.Split(';')[0].Trim().Equals(FormType, StringComparison.OrdinalIgnoreCase) != true) throw OAuthException.Request($"Send the parameters in the body, as {FormType}.");
        if (http.Request.QueryString.HasValue) throw OAuthException.Request("Send the parameters in the body, and none in the address: addresses end in logs.");
        using var reader = new StreamReader(http.Request.Body);
        return Of(QueryHelpers.ParseQuery(await reader.ReadToEndAsync(http.RequestAborted)));
    }

    /// <summary>A parameter that must be there.</summary>
    /// <exception cref="OAuthException">It is not.</exception>
    internal string Need(string name) => this[name] ?? throw OAuthException.Request($"{name} is missing.");

    private static OAuthForm Of(Dictionary<string, StringValues> values) =>
        values.Any(static v => v.Value.Count > 1) ? throw OAuthException.Request("A parameter is given twice.") : new OAuthForm(values);
}
