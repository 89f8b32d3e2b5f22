using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>What a route gives back: the value of <c>data</c>, and now and then something beside it.</summary>
internal sealed record ProxmoxAnswer
{
    /// <summary><c>{"data":null}</c>.</summary>
    internal static ProxmoxAnswer Nothing { get; } = new();

    /// <summary>The value of <c>data</c>.</summary>
    internal JsonNode? Data { get; init; }

    /// <summary>Writes the value of <c>data</c> in place of <see cref="Data"/>, for answers that are large.</summary>
    internal Action<Utf8JsonWriter>? Write { get; init; }

    /// <summary><c>total</c> beside the data, as lists in pages have it.</summary>
    internal long? Total { get; init; }

    /// <summary>A file that is sent in place of JSON.</summary>
    internal ProxmoxDownload? Download { get; init; }

    /// <summary>True for what the real one compresses without being asked.</summary>
    internal bool Gzip { get; init; }

    /// <summary>The same with other data.</summary>
    internal ProxmoxAnswer Rewritten(string method, string path, Func<string, string, JsonNode?, JsonNode?> rewrite) =>
        Download is null ? this with { Data = rewrite(method, path, Written()), Write = null } : this;

    private JsonNode? Written()
    {
        if (Write is not { } write) return Data?.DeepClone();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return JsonNode.Parse(buffer.WrittenSpan);
    }

    public static implicit operator ProxmoxAnswer(JsonNode? data) => new() { Data = data };

    public static implicit operator ProxmoxAnswer(string text) => new() { Data = JsonValue.Create(text) };

    public static implicit operator ProxmoxAnswer(SimulatedTask task) => new() { Data = JsonValue.Create(task.Upid) };
}

/// <summary>A file in place of JSON.</summary>
/// <param name="Name">The name it is saved under.</param>
/// <param name="Text">What it says.</param>
internal sealed record ProxmoxDownload(string Name, string Text);
