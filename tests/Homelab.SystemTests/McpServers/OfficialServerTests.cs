using System.Diagnostics;
using Homelab.Providers.Mcp;
using Homelab.SystemTests.Web.Access;

namespace Homelab.SystemTests.McpServers;

/// <summary>The official TypeScript server, over each way that it can be spoken with.</summary>
public sealed class OfficialServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_found_as_a_program()
    {
        var server = await OfficialClient.ServerAsync();
        await using var bench = new ServersBench([("one", new McpServerSettings { Command = "node", Arguments = [server, "stdio"] })], new StretchedTime(4));
        IsFound(await bench.LookAsync(), McpServerKind.Stdio);
        await IsWellAsync(bench);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("sse")]
    public async Task It_is_found_over_http_with_its_token(string how)
    {
        await using var server = await NodeServer.StartAsync(how);
        await using var bench = ServersBench.At(server.Url, hasToken: true);
        IsFound(await bench.LookAsync(), McpServerKind.Http);
        await IsWellAsync(bench);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("sse")]
    public async Task Without_its_token_it_is_not_let_in(string how)
    {
        await using var server = await NodeServer.StartAsync(how);
        await using var bench = ServersBench.At(server.Url);
        Assert.Equal((McpServerState.Refused, "McpServerLoginRefused"), await bench.LookAsync() is var found ? (found.State, found.Error) : default);
    }

    private static void IsFound(McpServerInfo found, McpServerKind kind)
    {
        Assert.Equal((kind, McpServerState.Online, "official", "9.8.7", "2025-11-25", 3), (found.Kind, found.State, found.Product, found.Version, found.Protocol, found.AvailableTools));
        Assert.Equal(["query: get_nodes", "control: delete_vm", "automation: run_playbook"], found.Categories.Select(static c => $"{c.Name}: {c.Tools.Single()}"));
    }

    private static async Task IsWellAsync(ServersBench bench) => Assert.Equal(["connection", "initialize", "protocol", "ping", "tools"], (await bench.CheckAsync()).Where(static c => c.Verdict == McpVerdict.Ok).Select(static c => c.Check));

    private sealed class NodeServer : IAsyncDisposable
    {
        private readonly Process _process;

        private NodeServer(Process process, Uri url)
        {
            _process = process;
            Url = url;
        }

        internal Uri Url { get; }

        internal static async Task<NodeServer> StartAsync(string how)
        {
            var start = new ProcessStartInfo("node", [await OfficialClient.ServerAsync(), how]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
            start.Environment["TOKEN"] = ServersBench.Token;
            var process = Process.Start(start)!;
            var line = await process.StandardOutput.ReadLineAsync(Cancellation);
            return new NodeServer(process, new Uri(line ?? throw new InvalidOperationException("The server did not start.")));
        }

        public async ValueTask DisposeAsync()
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
    }
}
