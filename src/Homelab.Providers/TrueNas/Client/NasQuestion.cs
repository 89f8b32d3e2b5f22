using System.Text.Json.Nodes;

namespace Homelab.Providers.TrueNas;

/// <summary>Something that TrueNAS is asked, in the words of both of its protocols.</summary>
/// <param name="Method">The method of JSON-RPC: <c>pool.query</c>.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Path">Path and query of REST below <c>/api/v2.0</c>, percent-encoded.</param>
internal sealed record NasQuestion(string Method, JsonArray Parameters, string Path)
{
    /// <summary>What is sent to REST; a GET when null.</summary>
    internal JsonObject? Body { get; init; }

    /// <summary>True where it changes something: a lost answer then means that nobody knows.</summary>
    internal bool Acts => Body is not null;

    /// <summary>What it is about, for messages: the name of a dataset or a snapshot.</summary>
    internal string? Subject { get; init; }
}
