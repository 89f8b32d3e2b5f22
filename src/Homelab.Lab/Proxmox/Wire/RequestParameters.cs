using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Homelab.Lab.Proxmox;

/// <summary>Reads what a request says: its query, and a form, JSON or a file in its body.</summary>
internal static class RequestParameters
{
    // The real one takes no more of a form.
    private const long MostBytes = 512 * 1024;

    internal sealed record Result(Dictionary<string, IReadOnlyList<string>> Values, ProxmoxUpload? Upload);

    /// <exception cref="UnreadableBodyException">The body is refused before the API sees it.</exception>
    internal static async Task<Result> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Add(values, QueryHelpers.ParseQuery(request.QueryString.Value));
        var length = request.ContentLength ?? 0;
        if (length > 0 && request.Method is not ("PUT" or "POST")) throw new UnreadableBodyException(501, $"Unexpected content for method '{request.Method}'");
        if (length == 0 && request.ContentLength is not null) return new Result(values, null);
        var type = request.ContentType?.Split(';')[0].Trim() ?? "";
        if (request.Method is "GET" or "DELETE") return new Result(values, null);
        if (type is "multipart/form-data") return new Result(values, await ReadFileAsync(request, values, cancellationToken));
        if (length > MostBytes) throw new UnreadableBodyException(501, "for data too large");
        if (type is not ("" or "application/x-www-form-urlencoded" or "application/json")) throw new UnreadableBodyException(506, $"upload 'Content-Type '{request.ContentType}' not implemented");
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        if (body.Length > MostBytes) throw new UnreadableBodyException(501, "for data too large");
        var text = Encoding.UTF8.GetString(body.ToArray());
        if (type is "application/json") AddJson(values, text);
        else Add(values, QueryHelpers.ParseQuery(text));
        return new Result(values, null);
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> values, IDictionary<string, Microsoft.Extensions.Primitives.StringValues> more)
    {
        foreach (var (name, given) in more) values[name] = [.. given.Select(static v => v ?? "")];
    }

    private static void AddJson(Dictionary<string, IReadOnlyList<string>> values, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind is not JsonValueKind.Object) throw new UnreadableBodyException(500, "malformed JSON string\n");
            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind is JsonValueKind.Array ? [.. property.Value.EnumerateArray().Select(Text)] : [Text(property.Value)];
            }
        }
        catch (JsonException)
        {
            // The real one's words tell the place in its own source, too.
            throw new UnreadableBodyException(500, $", or }} expected while parsing object/hash, at character offset {text.Length} (before \"(end of string)\") at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 934.\n");
        }
    }

    // JSON's own true is taken, while the word is refused in a form.
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private static async Task<ProxmoxUpload> ReadFileAsync(HttpRequest request, Dictionary<string, IReadOnlyList<string>> values, CancellationToken cancellationToken)
    {
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new UnreadableBodyException(400, $"upload failed - {e.Message}");
        }

        foreach (var (name, given) in form) values[name] = [.. given.Select(static v => v ?? "")];
        if (form.Files.Count == 0) throw new UnreadableBodyException(400, "upload failed - no file");
        var file = form.Files[0];
        using var content = file.OpenReadStream();
        values["filename"] = [file.FileName];
        return new ProxmoxUpload(file.FileName, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)));
    }
}
