using Homelab.Lab.Docker;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Docker;

public sealed class SimulatedDockerContractTests : DockerContract
{
    protected override async Task<IContractEngine> StartAsync() =>
        new SimulatedContractEngine(await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), TestContext.Current.CancellationToken));
}

[Collection(SharedDockerd.Name)]
public sealed class RealDockerContractTests(DockerdPeer dockerd) : DockerContract
{
    protected override Task<IContractEngine> StartAsync()
    {
        dockerd.Require();
        return Task.FromResult<IContractEngine>(new RealContractEngine(dockerd));
    }
}
