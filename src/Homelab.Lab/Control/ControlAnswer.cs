using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Control;

/// <summary>An answer of the control: JSON, and a message where something is wrong.</summary>
internal sealed record ControlAnswer(int Status, object? Body)
{
    /// <summary>It is done, and there is nothing to tell.</summary>
    internal static ControlAnswer Done { get; } = new(StatusCodes.Status204NoContent, null);

    internal static ControlAnswer Ok(object body) => new(StatusCodes.Status200OK, body);

    internal static ControlAnswer Refuse(int status, string message) => new(status, new { message });

    internal Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        return Body is null ? Task.CompletedTask : context.Response.WriteAsJsonAsync(Body, Body.GetType(), HomelabJson.Options, context.RequestAborted);
    }
}
