namespace Homelab.Lab.Docker;

/// <summary>A request that a simulated engine received.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without the version: <c>/containers/gitea/restart</c>.</param>
/// <param name="Query">The query with its question mark, or empty.</param>
/// <param name="Version">The API version that was asked for: <c>1.51</c>; empty for none.</param>
public sealed record EngineRequest(string Method, string Path, string Query, string Version)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}{Query}";
}

/// <summary>Tells of a request.</summary>
/// <param name="request">The request.</param>
public sealed class EngineRequestEventArgs(EngineRequest request) : EventArgs
{
    /// <summary>The request.</summary>
    public EngineRequest Request { get; } = request;
}
