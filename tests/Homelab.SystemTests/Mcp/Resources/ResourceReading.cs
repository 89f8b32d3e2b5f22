using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp.Resources;

/// <summary>What tests of resources ask of the SDK's client.</summary>
internal static class ResourceReading
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<TextResourceContents> ContentsAsync(this McpClient client, string uri)
    {
        var contents = Assert.IsType<TextResourceContents>(Assert.Single((await client.ReadResourceAsync(uri, cancellationToken: Cancellation)).Contents));
        Assert.Equal(uri, contents.Uri);
        return contents;
    }

    internal static async Task<JsonObject> JsonAsync(this McpClient client, string uri)
    {
        var contents = await client.ContentsAsync(uri);
        Assert.Equal("application/json", contents.MimeType);
        return JsonNode.Parse(contents.Text)!.AsObject();
    }

    internal static async Task<McpProtocolException> RefusedAsync(this McpClient client, string uri) =>
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.ReadResourceAsync(uri, cancellationToken: Cancellation));

    internal static async Task<string[]> UrisAsync(this McpClient client) =>
        [.. (await client.ListResourcesAsync(cancellationToken: Cancellation)).Select(static r => r.Uri), .. (await client.ListResourceTemplatesAsync(cancellationToken: Cancellation)).Select(static t => t.UriTemplate)];

    internal static async Task<Completion> CompletionAsync(this McpClient client, Reference reference, string argument, string value) =>
        (await client.CompleteAsync(reference, argument, value, cancellationToken: Cancellation)).Completion;

    internal static async Task<string[]> CompleteAsync(this McpClient client, string template, string argument, string value) =>
        [.. (await client.CompletionAsync(new ResourceTemplateReference { Uri = template }, argument, value)).Values];

    internal static Dictionary<string, object?> Words(params (string Name, object Value)[] words) => words.ToDictionary(static w => w.Name, static w => (object?)w.Value, StringComparer.Ordinal);

    internal static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value)!;
}
