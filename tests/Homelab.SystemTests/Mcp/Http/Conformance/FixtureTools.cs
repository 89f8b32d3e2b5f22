#pragma warning disable MCP9004, MCP9005 // Logging by notification is deprecated in the newest revision; the suite asks for it in the others.
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>The tools that the official suite expects of whoever is tested. They exist for it alone.</summary>
internal static class FixtureTools
{
    // One red pixel, and the header of a sound without any.
    internal const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private const string Sound = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

    internal static IEnumerable<McpServerTool> All() =>
    [
        Tool("test_simple_text", () => "This is a simple text response for testing."),
        Tool("test_image_content", () => Image()),
        Tool("test_audio_content", () => new AudioContentBlock { Data = Bytes(Sound), MimeType = "audio/wav" }),
        Tool("test_embedded_resource", () => Resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
        Tool("test_multiple_content_types", () => new ContentBlock[]
        {
            new TextContentBlock { Text = "Multiple content types test:" }, Image(), Resource("test://mixed-content-resource", "application/json", "{\"test\":\"data\",\"value\":123}"),
        }),
        Tool("test_error_handling", string () => throw new InvalidOperationException("This tool intentionally returns an error for testing")),
        Tool("test_tool_with_logging", Log),
        Tool("test_tool_with_progress", TellProgressAsync),
        Tool("test_header_tool", ([McpHeader("Region")] string region, string query) => $"{query} in {region}"),
        Tool("test_missing_capability", (RequestContext<CallToolRequestParams> context) => context.Server.ClientCapabilities?.Sampling is null
            ? throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "This tool needs sampling.")
            : "The client can sample."),
        Tool("test_streaming_elicitation", () => "Nothing is asked."),
        Tool("test_logging_tool", (RequestContext<CallToolRequestParams> context) =>
        {
            Tell(context, "told only to who asked");
            return "Told, where it was asked for.";
        }),
        Schema(),
    ];

    internal static McpServerTool Tool(string name, Delegate call) => McpServerTool.Create(call, new McpServerToolCreateOptions { Name = name, Description = $"The suite's {name}." });

    internal static byte[] Bytes(string base64) => System.Text.Encoding.UTF8.GetBytes(base64);

    private static ImageContentBlock Image() => new() { Data = Bytes(Picture), MimeType = "image/png" };

    private static EmbeddedResourceBlock Resource(string uri, string type, string text) => new() { Resource = new TextResourceContents { Uri = uri, MimeType = type, Text = text } };

    private static string Log(RequestContext<CallToolRequestParams> context)
    {
        string[] texts = ["Tool execution started", "Tool processing data", "Tool execution completed"];
        foreach (var text in texts) Tell(context, text);
        return "Tool with logging executed successfully";
    }

    // The SDK drops it where the client did not ask for it.
    private static void Tell(RequestContext<CallToolRequestParams> context, string text)
    {
        using var provider = context.Server.AsClientLoggerProvider();
        provider.CreateLogger("fixture").Log(Microsoft.Extensions.Logging.LogLevel.Information, default, text, null, static (t, _) => t);
    }

    private static async Task<string> TellProgressAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        if (context.Params?.ProgressToken is not { } token) return "Nobody asked for progress.";
        foreach (var progress in (int[])[0, 50, 100])
        {
            await context.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = progress, Total = 100 }, cancellationToken: cancellationToken);
        }

        return token.ToString()!;
    }

    private static McpServerTool Schema()
    {
        var tool = Tool("json_schema_2020_12_tool", () => "done");
        tool.ProtocolTool.InputSchema = JsonElement.Parse("""
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
              "$defs": { "address": { "$anchor": "addressDef", "type": "object", "properties": { "street": { "type": "string" }, "city": { "type": "string" } } } },
              "properties": {
                "name": { "type": "string" }, "address": { "$ref": "#/$defs/address" }, "contactMethod": { "type": "string", "enum": [ "phone", "email" ] },
                "phone": { "type": "string" }, "email": { "type": "string" }
              },
              "allOf": [ { "anyOf": [ { "required": [ "phone" ] }, { "required": [ "email" ] } ] } ],
              "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": [ "contactMethod" ] },
              "then": { "required": [ "phone" ] }, "else": { "required": [ "email" ] }, "additionalProperties": false
            }
            """);
        return tool;
    }
}
