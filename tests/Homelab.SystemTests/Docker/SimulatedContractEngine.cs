using Homelab.Lab.Docker;

namespace Homelab.SystemTests.Docker;

internal sealed class SimulatedContractEngine(SimulatedDockerEngine engine) : IContractEngine
{
    public string Endpoint => engine.Endpoint;

    public Task MakeAsync(string name, ContractContainer kind)
    {
        var container = engine.Add(new SimulatedContainerSpec
        {
            Name = name,
            Image = "bb:1",
            Labels = new Dictionary<string, string> { ["hl"] = "contract" },
            Tty = kind is ContractContainer.Terminal,
            HasHealthCheck = kind is ContractContainer.Checked,
        });
        for (var i = 0; i < 5; i++)
        {
            if (kind is ContractContainer.Plain) container.WriteLog($"err {i}", LogSource.Error);
            if (kind is ContractContainer.Plain or ContractContainer.Terminal) container.WriteLog($"out {i}");
        }

        if (kind is ContractContainer.LongLine) container.WriteLog(new string('x', 40_000));
        return Task.CompletedTask;
    }

    public Task CrashAsync(string name)
    {
        engine.Container(name).Crash(3);
        return Task.CompletedTask;
    }

    public Task MakeIllAsync(string name)
    {
        engine.Container(name).BecomeUnhealthy();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
