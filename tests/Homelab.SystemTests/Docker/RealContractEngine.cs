using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Docker;

/// <summary>Containers on the one real engine; they are removed when the test is over, the engine stays.</summary>
internal sealed class RealContractEngine(DockerdPeer dockerd) : IContractEngine
{
    // Ends when asked, and crashes when a file appears.
    private const string Stay = "trap 'exit 0' TERM; while [ ! -e /tmp/crash ]; do sleep 0.05; done; rm /tmp/crash; exit 3";
    private const string Lines = "for i in 0 1 2 3 4; do echo err $i >&2; sleep 0.01; echo out $i; sleep 0.01; done; ";

    private readonly List<string> _names = [];

    public string Endpoint => dockerd.Endpoint;

    public async Task MakeAsync(string name, ContractContainer kind)
    {
        _names.Add(name);
        List<string> arguments = ["run", "-d", "--name", name, "--network", "none", "--memory", "64m", "--label", "hl=contract"];
        if (kind is ContractContainer.Terminal) arguments.Add("-t");
        if (kind is ContractContainer.Checked) arguments.AddRange(["--health-cmd", "test ! -e /tmp/ill", "--health-interval", "200ms", "--health-retries", "1"]);
        arguments.AddRange([DockerdPeer.Image, "sh", "-c", Script(kind)]);
        await dockerd.RunAsync([.. arguments]);
        await Eventually.HoldsAsync($"{name} is as the test needs it", () => IsReadyAsync(name, kind), TestContext.Current.CancellationToken, TimeSpan.FromMinutes(5));
    }

    public Task CrashAsync(string name) => dockerd.RunAsync("exec", name, "touch", "/tmp/crash");

    public Task MakeIllAsync(string name) => dockerd.RunAsync("exec", name, "touch", "/tmp/ill");

    public async ValueTask DisposeAsync()
    {
        if (_names.Count > 0) await dockerd.RunAsync(["rm", "-f", .. _names]);
    }

    private static string Script(ContractContainer kind) => kind switch
    {
        // The kernel counts memory in batches: a shell that holds next to nothing may be told to hold nothing.
        ContractContainer.Plain => "m=$(head -c 4000000 /dev/zero | tr '\\0' m); " + Lines + Stay,
        ContractContainer.Terminal => Lines.Replace("echo err $i >&2; ", "", StringComparison.Ordinal) + Stay,
        ContractContainer.LongLine => "x=x; while [ ${#x} -lt 40000 ]; do x=$x$x; done; echo ${x:0:40000}; " + Stay,
        // A check that is made ill is well again after a restart.
        _ => "rm -f /tmp/ill; " + Stay,
    };

    private async Task<bool> IsReadyAsync(string name, ContractContainer kind) => kind switch
    {
        ContractContainer.Checked => await dockerd.RunAsync("inspect", "-f", "{{.State.Health.Status}}", name) == "healthy",
        ContractContainer.LongLine => (await dockerd.RunAsync("logs", name)).Length >= 40_000,
        ContractContainer.Terminal => (await dockerd.RunAsync("logs", name)).Contains("out 4", StringComparison.Ordinal),
        // Of its two streams either may be heard later.
        _ => (await dockerd.RunAsync("logs", name)).Contains("out 4", StringComparison.Ordinal) && (await dockerd.ErrorLogAsync(name)).Contains("err 4", StringComparison.Ordinal),
    };
}
