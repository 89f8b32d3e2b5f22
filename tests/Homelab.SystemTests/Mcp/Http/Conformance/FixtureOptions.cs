#pragma warning disable MCP9005 // Logging levels go with the newest revision; the suite asks for them in the others.
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>What stands behind our door in the suite's runs, in place of the catalog.</summary>
internal static class FixtureOptions
{
    internal static McpServerOptions Create()
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "homelab-conformance", Version = "1.0" },
            ToolCollection = [.. FixtureTools.All(), .. FixtureQuestions.All(), .. FixtureRounds.All()],
            PromptCollection = [.. Prompts(), FixtureRounds.Prompt()],
            ResourceCollection = [.. Resources()],
            // None of these lists ever changes.
            Capabilities = new ServerCapabilities
            {
                Tools = new ToolsCapability { ListChanged = false }, Prompts = new PromptsCapability { ListChanged = false }, Resources = new ResourcesCapability { ListChanged = false, Subscribe = true }, Logging = new LoggingCapability(),
            },
            Handlers = new McpServerHandlers
            {
                CompleteHandler = static (_, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = ["paris", "park"], Total = 2, HasMore = false } }),
                SubscribeToResourcesHandler = static (_, _) => ValueTask.FromResult(new EmptyResult()),
                UnsubscribeFromResourcesHandler = static (_, _) => ValueTask.FromResult(new EmptyResult()),
                SetLoggingLevelHandler = static (_, _) => ValueTask.FromResult(new EmptyResult()),
            },
        };
        AllowCaching(options.Filters.Request);
        options.Filters.Request.ReadResourceFilters.Add(NameMissing);
        return options;
    }

    // What the SDK's own refusal leaves out.
    private static McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> NameMissing(McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) => async (request, cancellationToken) =>
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (McpProtocolException e)
        {
            e.Data["uri"] = request.Params!.Uri;
            throw;
        }
    };

    private static IEnumerable<McpServerPrompt> Prompts()
    {
        yield return Prompt("test_simple_prompt", () => "This is a simple prompt for testing.");
        yield return Prompt("test_prompt_with_arguments", (string arg1, string arg2) => $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'");
        yield return Prompt("test_prompt_with_embedded_resource", (string resourceUri) => (PromptMessage[])
        [
            Message(new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = resourceUri, MimeType = "text/plain", Text = "Embedded resource content for testing." } }), Message(new TextContentBlock { Text = "Please process the embedded resource above." }),
        ]);
        yield return Prompt("test_prompt_with_image", () => (PromptMessage[])
        [
            Message(new ImageContentBlock { Data = FixtureTools.Bytes(FixtureTools.Picture), MimeType = "image/png" }), Message(new TextContentBlock { Text = "Please analyze the image above." }),
        ]);
    }

    private static IEnumerable<McpServerResource> Resources()
    {
        yield return Resource("test://static-text", "text/plain", () => "This is the content of the static text resource.");
        yield return Resource("test://static-binary", "image/png", () => new BlobResourceContents { Uri = "test://static-binary", MimeType = "image/png", Blob = FixtureTools.Bytes(FixtureTools.Picture) });
        yield return Resource("test://watched-resource", "text/plain", () => "Watched resource content");
        yield return Resource("test://template/{id}/data", "application/json", (string id) => new TextResourceContents
        {
            Uri = $"test://template/{id}/data", MimeType = "application/json", Text = new JsonObject { ["id"] = id, ["templateTest"] = true, ["data"] = $"Data for ID: {id}" }.ToJsonString(),
        });
    }

    private static McpServerPrompt Prompt(string name, Delegate get) => McpServerPrompt.Create(get, new McpServerPromptCreateOptions { Name = name, Description = $"The suite's {name}." });

    private static McpServerResource Resource(string uri, string type, Delegate read) =>
        McpServerResource.Create(read, new McpServerResourceCreateOptions { UriTemplate = uri, Name = uri, MimeType = type, Description = $"The suite's {uri}." });

    private static PromptMessage Message(ContentBlock content) => new() { Role = Role.User, Content = content };

    private static void AllowCaching(McpRequestFilters filters)
    {
        filters.ListToolsFilters.Add(next => async (r, c) => Cached(await next(r, c)));
        filters.ListPromptsFilters.Add(next => async (r, c) => Cached(await next(r, c)));
        filters.ListResourcesFilters.Add(next => async (r, c) => Cached(await next(r, c)));
        filters.ListResourceTemplatesFilters.Add(next => async (r, c) => Cached(await next(r, c)));
        filters.ReadResourceFilters.Add(next => async (r, c) => Cached(await next(r, c)));
    }

    private static T Cached<T>(T result)
        where T : ICacheableResult
    {
        result.TimeToLive = TimeSpan.FromMinutes(5);
        result.CacheScope = CacheScope.Public;
        return result;
    }
}
