using Homelab.Host.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Resources;

/// <summary>The resources as one caller sees them: those whose queries he has.</summary>
internal sealed class ResourceFace(ResourceReader reader, ResourceRefusals refusals, JsonLog log)
{
    private const string Door = "mcp_resource";

    internal ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        RefuseCursor(request.Params?.Cursor);
        return ValueTask.FromResult(new ListResourcesResult
        {
            Resources = [.. Offered(isTemplate: false).Select(static d => new Resource { Uri = d.Uri, Name = d.Name, Title = d.Title, Description = d.Description, MimeType = d.MimeType })],
        });
    }

    internal ValueTask<ListResourceTemplatesResult> ListTemplatesAsync(RequestContext<ListResourceTemplatesRequestParams> request, CancellationToken cancellationToken)
    {
        RefuseCursor(request.Params?.Cursor);
        return ValueTask.FromResult(new ListResourceTemplatesResult
        {
            ResourceTemplates = [.. Offered(isTemplate: true).Select(static d => new ResourceTemplate { UriTemplate = d.Uri, Name = d.Name, Title = d.Title, Description = d.Description, MimeType = d.MimeType })],
        });
    }

    internal async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken) =>
        new() { Contents = [await ReadAsync(request.Params?.Uri ?? "", request.JsonRpcRequest, cancellationToken)] };

    /// <summary>Reads a resource, or says why not.</summary>
    internal async Task<TextResourceContents> ReadAsync(string uri, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var address = ResourceAddress.Read(uri) ?? throw await refusals.UnknownAsync(Door, uri, Offered(isTemplate: false).Concat(Offered(isTemplate: true)).Select(static d => d.Uri), request);
        var operation = reader.OperationOf(address.Definition);
        try
        {
            return await reader.ReadAsync(address, cancellationToken);
        }
        catch (HomelabException e)
        {
            throw refusals.Failed(e, operation, uri, request);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // Its message may hold anything, so it goes to the log, where secrets are masked, and not to the model.
            log.Write("readCrashed", $"{uri}: {e}");
            throw refusals.Failed(new HomelabException(ErrorKind.Failed, "ReadCrashed", $"{operation.Name} failed in a way it should not. The server's log says more.", operation.Name, e), operation, uri, request);
        }
    }

    /// <summary>Makes sure that a resource can be subscribed to: it tells of changes, and the caller may read it.</summary>
    /// <exception cref="McpProtocolException">It is not so.</exception>
    internal async Task CheckWatchedAsync(string uri, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        await ReadAsync(uri, request, cancellationToken);
        if (ResourceAddress.Read(uri)!.Definition.IsWatched) return;
        throw new McpProtocolException($"{uri} does not tell when it changes. Those that do: {string.Join(", ", ResourceCatalog.All.Where(d => d.IsWatched && reader.Offers(d)).Select(static d => d.Uri))}.", McpErrorCode.InvalidParams);
    }

    /// <summary>Whether the caller may still read what he subscribed to.</summary>
    internal bool IsReadable(string uri) => ResourceAddress.Read(uri) is { } address && reader.Offers(address.Definition);

    /// <summary>All of it is on the first page.</summary>
    internal static void RefuseCursor(string? cursor)
    {
        if (cursor is not null) throw new McpProtocolException("There is no such page: the first answer holds all. Ask without a cursor.", McpErrorCode.InvalidParams);
    }

    private IEnumerable<ResourceDefinition> Offered(bool isTemplate) => ResourceCatalog.All.Where(d => d.Variable is not null == isTemplate && reader.Offers(d));
}
