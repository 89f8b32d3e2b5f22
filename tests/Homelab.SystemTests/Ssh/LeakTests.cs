using System.Globalization;
using Homelab.SystemTests.Cli;

namespace Homelab.SystemTests.Ssh;

/// <summary>What many commands leave behind in this process. Alone, since tests beside it open files too.</summary>
[Collection(typeof(Alone))]
public sealed class LeakTests : IAsyncLifetime
{
    private SshBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await SshBench.StartAsync();

    public ValueTask DisposeAsync() => _bench is null ? ValueTask.CompletedTask : _bench.DisposeAsync();

    [Fact]
    public async Task Many_commands_leave_nothing_behind()
    {
        const int Commands = 1000;
        var hosts = _bench.Hosts();
        for (var i = 0; i < 20; i++) await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel);
        var descriptors = Descriptors();
        var sessions = _bench.Sshd.Sessions().Count;
        var files = Files();

        for (var i = 0; i < Commands; i++) Assert.Equal(0, (await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel)).ExitCode);

        Assert.Equal(1, await _bench.Sshd.LoginsAsync());
        await Tests.Eventually.HoldsAsync("the processes are gone", () => Task.FromResult(_bench.Sshd.Sessions().Count <= sessions), Cancel);
        // Those of the test runner come and go.
        Assert.InRange(Files(), 0, files + 20);
        Assert.InRange(Descriptors(), 0, descriptors + 100);
    }

    private static int Descriptors() => Directory.GetFiles($"/proc/{Environment.ProcessId}/fd").Length;

    private static int Files() => Directory.GetDirectories(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"hl-ssh-{Environment.ProcessId}-*")).Sum(static d => Directory.GetFileSystemEntries(d).Length);
}
