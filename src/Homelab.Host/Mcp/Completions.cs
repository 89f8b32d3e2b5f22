using Homelab.Host.Mcp.Prompts;
using Homelab.Host.Mcp.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>Completes the variables of resource templates and the arguments of prompts, from what the caller may look at.</summary>
internal sealed class Completions(ResourceReader reader, ResourceRefusals refusals)
{
    private const int Most = 20;

    internal async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var argument = request.Params?.Argument ?? throw new McpProtocolException("'argument' is missing: give the name of the variable, and what is typed of it so far.", McpErrorCode.InvalidParams);
        var values = request.Params.Ref switch
        {
            ResourceTemplateReference template => await OfTemplateAsync(template.Uri ?? "", argument.Name, request.JsonRpcRequest, cancellationToken),
            PromptReference prompt => await OfPromptAsync(prompt.Name, argument.Name, request.JsonRpcRequest, cancellationToken),
            _ => throw new McpProtocolException("'ref' must be a ref/resource with the uri of a template, or a ref/prompt with a name.", McpErrorCode.InvalidParams),
        };
        var fitting = values.Where(v => v.StartsWith(argument.Value ?? "", StringComparison.OrdinalIgnoreCase)).ToArray();
        return new CompleteResult { Completion = new Completion { Values = [.. fitting.Take(Most)], Total = fitting.Length, HasMore = fitting.Length > Most } };
    }

    private async Task<IReadOnlyList<string>> OfTemplateAsync(string uri, string variable, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var definition = ResourceCatalog.All.FirstOrDefault(d => d.Uri == uri && d.Variable is not null)
            ?? throw await refusals.UnknownAsync("mcp_completion", uri, ResourceCatalog.All.Where(d => d.Variable is not null && reader.Offers(d)).Select(static d => d.Uri), request);
        if (variable != definition.Variable) throw NoArgument(variable, definition.Uri, [definition.Variable!]);
        return await NamesAsync(definition.Names!, uri, request, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> OfPromptAsync(string name, string argument, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var prompt = PromptCatalog.All.FirstOrDefault(p => p.Name == name) ?? throw await refusals.UnknownPromptAsync(name, [.. PromptCatalog.All.Where(p => reader.Offers(p.Resource)).Select(static p => p.Name)]);
        var wanted = prompt.Arguments.FirstOrDefault(a => a.Name == argument) ?? throw NoArgument(argument, prompt.Name, [.. prompt.Arguments.Select(static a => a.Name)]);
        var values = new List<string>();
        if (wanted.Names is { } names) values.AddRange(await NamesAsync(names, prompt.Name, request, cancellationToken));
        // As the lab file names them; who may not list containers is not told of them here.
        if (wanted.IsSubject && reader.Offers("docker_list_containers")) values.AddRange(reader.Lab.Services.Values.Select(static s => s.Container?.ToString()).OfType<string>());
        return [.. values.Distinct(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>> NamesAsync(ResourceNames names, string asked, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.NamesAsync(names, cancellationToken);
        }
        catch (HomelabException e)
        {
            throw refusals.Failed(e, reader.Find(names.Operation), asked, request);
        }
    }

    private static McpProtocolException NoArgument(string given, string of, IReadOnlyCollection<string> known) =>
        new($"'{ForeignText.Clean(given, 100)}' is no variable or argument of {of}. {NearestName.Hint(given.Length > 100 ? "" : given, known)}", McpErrorCode.InvalidParams);
}
