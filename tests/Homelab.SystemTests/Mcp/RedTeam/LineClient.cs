using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>The program's MCP face at standard input and output, to which any line may be said.</summary>
internal sealed class LineClient(StdioProcess process, bool isModern) : IAsyncDisposable
{
    private int _pings;

    /// <summary>Says it, and gives back what is answered: to that id where there is one, or whatever comes before the answer to a question that is asked behind it.</summary>
    internal async Task<string> SayAsync(string text, int? id)
    {
        await process.SendAsync(text);
        var last = id?.ToString(CultureInfo.InvariantCulture) ?? $"\"p{++_pings}\"";
        if (id is null) await process.SendAsync(isModern ? $$$"""{"jsonrpc":"2.0","id":{{{last}}},"method":"tools/list","params":{{{{Attacker.Meta}}}}}""" : $$"""{"jsonrpc":"2.0","id":{{last}},"method":"ping"}""");
        var heard = new List<string>();
        while (true)
        {
            JsonNode message = await process.ReadAsync();
            var isLast = message["id"]?.ToJsonString() == last && message["method"] is null;
            if (!isLast || id is not null) heard.Add(message.ToJsonString());
            if (isLast) return string.Join('\n', heard);
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
