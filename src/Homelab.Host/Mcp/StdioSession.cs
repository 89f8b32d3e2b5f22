using Homelab.Host.Logging;
using Homelab.Host.Mcp.Resources;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>One client on standard input and output, from its first message until it closes them.</summary>
internal static class StdioSession
{
    /// <param name="face">What the client finds.</param>
    /// <param name="refusals">Who is told of lines that are no message.</param>
    /// <param name="limit">The longest line, in bytes.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task RunAsync(McpFace face, LineRefusals refusals, int limit, JsonLog log, CancellationToken cancellationToken)
    {
        using var logs = new SdkLog(log);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = face.Options();
        var session = SessionScope.Attach(options, gone.Token);
        await using var transport = new LineTransport(Console.OpenStandardInput(), Console.OpenStandardOutput(), limit, refusals, logs);
        await using var server = McpServer.Create(transport, options, logs);
        session.Serve(server);
        // The SDK waits for calls under way and can answer none of them any more: without the client they are cancelled, and what
        // they had begun is looked at and written down.
        var watch = transport.MessageReader.Completion.ContinueWith(_ => gone.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        face.Changed += TellOfLists;
        await server.RunAsync(gone.Token);
        face.Changed -= TellOfLists;
        await transport.DisposeAsync();
        await watch;
        log.Write("stopping", cancellationToken.IsCancellationRequested ? "it was told to stop" : "the client has closed the connection");

        void TellOfLists(object? sender, EventArgs e) => _ = ListNews.TellAsync(server, log);
    }
}
