using Homelab.Lab.Kuma;
using Homelab.Providers.UptimeKuma;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class SocketConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_is_told_that_a_connection_is_lost_finds_it_over()
    {
        await using var kuma = await SimulatedKuma.StartAsync("uk1_key", user: new KumaUser("anna", "password"));
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var address = new Uri($"ws://{kuma.Url.Authority}/socket.io/?EIO=4&transport=websocket");
        var greeted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await SocketConnection.OpenAsync(address, http, new HashSet<string>(["info"], StringComparer.Ordinal), (_, _) => greeted.TrySetResult(), TimeProvider.System, Cancel);
        await greeted.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);

        // What it does not know is never answered. So many wait that the first go on before the last is told.
        var asking = Enumerable.Range(0, 5000).Select(_ => FindsItOverAsync()).ToArray();
        await connection.AskAsync("login", [new { username = "anna", password = "password", token = "" }], Cancel);
        kuma.DropClients();

        Assert.Equal(0, (await Task.WhenAll(asking)).Count(static isOver => !isOver));

        async Task<bool> FindsItOverAsync()
        {
            await ((Task)connection.AskAsync("nothing", [], Cancel)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return connection.IsOver;
        }
    }
}
