using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.UnitTests.Automation;

/// <summary>What a healing test looks at and acts on: services that are up or down, and containers that can be restarted.</summary>
public sealed class HealingWorld
{
    private readonly ConcurrentDictionary<string, bool> _up = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _restarts = new(StringComparer.Ordinal);

    /// <summary>What a restart does; by default the container and every service on it come back.</summary>
    public Action<string> OnRestart { get; set; } = static _ => { };

    /// <summary>What a restart waits for before it is done.</summary>
    public Task MayRestart { get; set; } = Task.CompletedTask;

    /// <summary>What can be hushed.</summary>
    internal QuietWorld Quiet { get; } = new();

    /// <summary>Hears of each look at a container, before it is answered.</summary>
    public Action<string> OnLook { get; set; } = static _ => { };

    /// <summary>True to let the engine give no answer.</summary>
    public bool EngineSilent { get; set; }

    /// <summary>The guest that Proxmox backs up, if it does.</summary>
    public string? BackedUp { get; set; }

    public IReadOnlyList<Operation> Operations => [new ListTasks(this), new CheckContainer(this), new RestartContainer(this), new StopContainer(this), new CheckServices(this), new CheckPort(this), .. Quiet.Operations];

    public bool IsUp(string name) => _up.GetValueOrDefault(name, true);

    public void Set(string name, bool up) => _up[name] = up;

    public int Restarts(string container) => _restarts.GetValueOrDefault(container);

    public int AllRestarts => _restarts.Values.Sum();

    private void Restart(string container)
    {
        _restarts.AddOrUpdate(container, 1, static (_, n) => n + 1);
        Set(container, true);
        OnRestart(container);
    }

    private static ContainerDetail Detail(string name, bool up) => new()
    {
        Name = name,
        Host = "dev",
        Id = new string('a', 64),
        Image = "image",
        State = up ? ContainerState.Running : ContainerState.Exited,
        Health = ContainerHealth.None,
    };

    public sealed record ContainerInput
    {
        [Subject, Description("The container.")]
        public required ContainerRef Container { get; init; }
    }

    public sealed record ServiceInput
    {
        [Subject, Description("The service.")]
        public string? Service { get; init; }
    }

    public sealed record TaskInput
    {
        [Description("The guest.")]
        public VmRef? Vm { get; init; }

        [Description("Only those that run.")]
        public bool Running { get; init; }
    }

    [Operation("proxmox_list_tasks", Level.Monitor, Risk.Read), Description("Lists tasks.")]
    private sealed class ListTasks(HealingWorld world) : Query<TaskInput, ProxmoxTask>
    {
        public override Intent Describe(TaskInput input) => new("List tasks", Target.Lab);

        protected override async IAsyncEnumerable<ProxmoxTask> RunAsync(TaskInput input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (world.BackedUp is { } guest && guest == input.Vm?.ToString()) yield return new ProxmoxTask { Upid = "UPID:x", Node = "pve", Type = "vzdump", State = TaskState.Running };
        }
    }

    [Operation("docker_check_container", Level.Monitor, Risk.Read), Description("Checks a container.")]
    private sealed class CheckContainer(HealingWorld world) : Query<ContainerInput, ContainerCheck>
    {
        protected override async IAsyncEnumerable<ContainerCheck> RunAsync(ContainerInput input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (world.EngineSilent) throw new HomelabException(ErrorKind.Unavailable, "DockerUnreachable", "The engine gives no answer.");
            world.OnLook(input.Container.Name);
            var up = world.IsUp(input.Container.Name);
            yield return new ContainerCheck { Container = Detail(input.Container.Name, up), IsUp = up, Reason = up ? "running" : "exited" };
        }
    }

    [Operation("docker_restart_container", Level.Operate, Risk.Disrupt, Idempotent = true, Unattended = Requirement.Auto), Description("Restarts a container.")]
    private sealed class RestartContainer(HealingWorld world) : Change<ContainerInput, ContainerDetail>
    {
        public override Intent Describe(ContainerInput input) => new("Restart container", new Target("container", input.Container.Name, input.Container.Host));

        protected override async Task<ContainerDetail> RunAsync(ContainerInput input, OperationContext context, CancellationToken cancellationToken)
        {
            await world.MayRestart.WaitAsync(cancellationToken);
            world.Restart(input.Container.Name);
            return Detail(input.Container.Name, true);
        }
    }

    [Operation("docker_stop_container", Level.Operate, Risk.Disrupt), Description("Stops a container.")]
    private sealed class StopContainer(HealingWorld world) : Change<ContainerInput, ContainerDetail>
    {
        public override Intent Describe(ContainerInput input) => new("Stop container", new Target("container", input.Container.Name, input.Container.Host));

        protected override Task<ContainerDetail> RunAsync(ContainerInput input, OperationContext context, CancellationToken cancellationToken)
        {
            world.Restart(input.Container.Name);
            return Task.FromResult(Detail(input.Container.Name, false));
        }
    }

    [Operation("network_check_services", Level.Monitor, Risk.Read), Description("Checks services.")]
    private sealed class CheckServices(HealingWorld world) : Query<ServiceInput, ProbeResult>
    {
        protected override async IAsyncEnumerable<ProbeResult> RunAsync(ServiceInput input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var up = world.IsUp(input.Service!);
            yield return new ProbeResult { Name = input.Service!, Kind = "http", Address = "http://x/", Status = up ? ProbeStatus.Up : ProbeStatus.Down, Detail = up ? "HTTP 200" : "HTTP 503" };
        }
    }

    public sealed record PortInput
    {
        [Subject, Description("The addresses.")]
        public required IReadOnlyList<string> Address { get; init; }

        [Description("How long to wait.")]
        public TimeSpan Timeout { get; init; }
    }

    /// <summary>The port of a machine: open as long as <c>host:dev</c> is up, which every machine of these labs but the one for data stands and falls with.</summary>
    [Operation("network_check_port", Level.Monitor, Risk.Read), Description("Checks ports.")]
    private sealed class CheckPort(HealingWorld world) : Query<PortInput, ProbeResult>
    {
        protected override async IAsyncEnumerable<ProbeResult> RunAsync(PortInput input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var up = input.Address[0] != "10.0.0.5:22" || world.IsUp("host:dev");
            yield return new ProbeResult { Name = input.Address[0], Kind = "tcp", Address = input.Address[0], Status = up ? ProbeStatus.Up : ProbeStatus.Down, Detail = up ? "open" : "no answer within 3s" };
        }
    }
}
