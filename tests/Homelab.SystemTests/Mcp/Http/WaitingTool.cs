using System.Text.Json.Nodes;
using Homelab.SystemTests.Mcp.Http.Conformance;
using Homelab.SystemTests.Web;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>A tool that waits until it is cancelled.</summary>
internal sealed class WaitingTool
{
    /// <summary>Calls it.</summary>
    internal const string Call = """{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"wait"}}""";

    internal TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal McpServerOptions Options(Caller caller) => new()
    {
        ToolCollection =
        [
            FixtureTools.Tool("wait", async (CancellationToken cancellationToken) =>
            {
                Entered.TrySetResult();
                try
                {
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                    return "";
                }
                finally
                {
                    Cancelled.TrySetResult();
                }
            }),
        ],
    };

    /// <summary>Asserts that the call was answered by its end, and why.</summary>
    internal static void AssertEnded(RawAnswer answer, int code)
    {
        var json = DoorBench.Json(answer);
        Assert.Equal((8, code), ((int)json["id"]!, (int)json["error"]!["code"]!));
    }
}
