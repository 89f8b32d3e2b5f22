using System.Text.Json.Nodes;

namespace Homelab.Lab.Docker;

/// <summary>What an engine says about containers, in the shape that engine 20.10 was recorded to use.</summary>
internal static class EngineJson
{
    /// <summary>The image of containers whose image nobody described.</summary>
    internal const string ImageId = "sha256:e485f74e5e87823f7e82cc02406c05975c45210dbed6aebec55158c8b17aec4d";

    // Fields that nobody here depends on, but that a strict reader would miss.
    private const string HostConfig =
        """
        {"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"json-file","Config":{}},"NetworkMode":"bridge","PortBindings":null,"RestartPolicy":{"Name":"no","MaximumRetryCount":0},
        "AutoRemove":false,"VolumeDriver":"","VolumesFrom":null,"CapAdd":null,"CapDrop":null,"CgroupnsMode":"host","Dns":null,"DnsOptions":null,"DnsSearch":null,"ExtraHosts":null,
        "GroupAdd":null,"IpcMode":"private","Cgroup":"","Links":null,"OomScoreAdj":0,"PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,"SecurityOpt":null,
        "UTSMode":"","UsernsMode":"","ShmSize":67108864,"Runtime":"runc","ConsoleSize":[0,0],"Isolation":"","CpuShares":0,"Memory":0,"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,
        "BlkioWeightDevice":null,"BlkioDeviceReadBps":null,"BlkioDeviceWriteBps":null,"BlkioDeviceReadIOps":null,"BlkioDeviceWriteIOps":null,"CpuPeriod":0,"CpuQuota":0,
        "CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,"CpusetCpus":"","CpusetMems":"","Devices":null,"DeviceCgroupRules":null,"DeviceRequests":null,"KernelMemory":0,"KernelMemoryTCP":0,
        "MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":null,"OomKillDisable":false,"PidsLimit":null,"Ulimits":null,"CpuCount":0,"CpuPercent":0,"IOMaximumIOps":0,
        "IOMaximumBandwidth":0,"MaskedPaths":["/proc/kcore"],"ReadonlyPaths":["/proc/sys"]}
        """;

    private const string Network =
        """
        {"IPAMConfig":null,"Links":null,"Aliases":null,"NetworkID":"","EndpointID":"","Gateway":"","IPAddress":"","IPPrefixLen":0,"IPv6Gateway":"","GlobalIPv6Address":"",
        "GlobalIPv6PrefixLen":0,"MacAddress":"","DriverOpts":null}
        """;

    internal static JsonObject List(SimulatedContainer container, DateTimeOffset now)
    {
        var spec = container.Spec;
        return new JsonObject
        {
            ["Id"] = container.Id,
            ["Names"] = new JsonArray("/" + container.Name),
            ["Image"] = spec.Image,
            ["ImageID"] = container.ImageId,
            ["Command"] = "/entrypoint",
            ["Created"] = container.Created.ToUnixTimeSeconds(),
            ["Ports"] = new JsonArray([.. spec.Ports.Select(static p => new JsonObject { ["IP"] = "127.0.0.1", ["PrivatePort"] = p.Value, ["PublicPort"] = p.Key, ["Type"] = "tcp" })]),
            ["Labels"] = Map(spec.Labels),
            ["State"] = Word(container.State),
            ["Status"] = Sentence(container, now),
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = container.Made.NetworkMode },
            ["NetworkSettings"] = new JsonObject { ["Networks"] = Networks(container) },
            ["Mounts"] = container.Made.Mounts.DeepClone(),
        };
    }

    internal static JsonObject Inspect(SimulatedContainer container)
    {
        var spec = container.Spec;
        var host = JsonNode.Parse(HostConfig)!.AsObject();
        foreach (var (field, value) in container.Made.Host) host[field] = value?.DeepClone();
        host["Memory"] = container.Limits.Memory;
        host["MemorySwap"] = container.Limits.MemorySwap;
        host["NanoCpus"] = container.Limits.NanoCpus;
        host["RestartPolicy"] = new JsonObject { ["Name"] = container.Limits.RestartPolicy, ["MaximumRetryCount"] = container.Limits.RestartLimit };
        host["LogConfig"]!["Type"] = spec.LogDriver;
        if (host["PortBindings"] is null && spec.Ports.Count > 0) host["PortBindings"] = Ports(spec);
        return new JsonObject
        {
            ["Id"] = container.Id,
            ["Created"] = EngineClock.Write(container.Created),
            ["Path"] = "/entrypoint",
            ["Args"] = new JsonArray(),
            ["State"] = State(container),
            ["Image"] = container.ImageId,
            ["ResolvConfPath"] = "",
            ["HostnamePath"] = "",
            ["HostsPath"] = "",
            ["LogPath"] = container.LogPath,
            ["Name"] = "/" + container.Name,
            ["RestartCount"] = spec.RestartCount,
            ["Driver"] = "overlay2",
            ["Platform"] = "linux",
            ["MountLabel"] = "",
            ["ProcessLabel"] = "",
            ["AppArmorProfile"] = "",
            ["ExecIDs"] = null,
            ["HostConfig"] = host,
            ["GraphDriver"] = new JsonObject { ["Data"] = new JsonObject(), ["Name"] = "overlay2" },
            ["Mounts"] = container.Made.Mounts.DeepClone(),
            ["Config"] = Config(container),
            ["NetworkSettings"] = NetworkSettings(container),
        };
    }

    internal static string Word(ContainerState state) => state.ToString().ToLowerInvariant();

    private static JsonObject State(SimulatedContainer container)
    {
        var state = new JsonObject
        {
            ["Status"] = Word(container.State),
            ["Running"] = container.Running,
            ["Paused"] = false,
            ["Restarting"] = false,
            ["OOMKilled"] = container.OomKilled,
            ["Dead"] = false,
            ["Pid"] = container.Running ? 4711 : 0,
            ["ExitCode"] = container.ExitCode,
            ["Error"] = "",
            ["StartedAt"] = EngineClock.Write(container.StartedAt),
            ["FinishedAt"] = EngineClock.Write(container.FinishedAt),
        };
        if (!container.Spec.HasHealthCheck) return state;
        var log = new JsonArray();
        if (container.Health is not ContainerHealth.Starting)
        {
            var ill = container.Health is ContainerHealth.Unhealthy;
            log.Add(new JsonObject { ["Start"] = EngineClock.Write(container.StartedAt), ["End"] = EngineClock.Write(container.StartedAt), ["ExitCode"] = ill ? 1 : 0, ["Output"] = container.HealthOutput });
        }

        state["Health"] = new JsonObject
        {
            ["Status"] = container.Health.ToString().ToLowerInvariant(),
            ["FailingStreak"] = container.Health is ContainerHealth.Unhealthy ? 3 : 0,
            ["Log"] = log,
        };
        return state;
    }

    private static JsonObject Config(SimulatedContainer container)
    {
        var config = new JsonObject
        {
            ["Hostname"] = container.Id[..12],
            ["Domainname"] = "",
            ["User"] = "",
            ["AttachStdin"] = false,
            ["AttachStdout"] = false,
            ["AttachStderr"] = false,
            ["Tty"] = container.Spec.Tty,
            ["OpenStdin"] = false,
            ["StdinOnce"] = false,
            ["Env"] = new JsonArray("PATH=/bin"),
            ["Cmd"] = new JsonArray("/entrypoint"),
            ["Image"] = container.Spec.Image,
            ["Volumes"] = null,
            ["WorkingDir"] = "",
            ["Entrypoint"] = null,
            ["OnBuild"] = null,
            ["Labels"] = Map(container.Spec.Labels),
        };
        if (container.Spec.Ports.Count > 0) config["ExposedPorts"] = new JsonObject(container.Spec.Ports.Select(static p => KeyValuePair.Create<string, JsonNode?>($"{p.Value}/tcp", new JsonObject())));
        if (container.Spec.HasHealthCheck) config["Healthcheck"] = new JsonObject { ["Test"] = new JsonArray("CMD-SHELL", "/check"), ["Interval"] = 1_000_000_000, ["Timeout"] = 1_000_000_000, ["Retries"] = 2 };
        foreach (var (field, value) in container.Made.Config) config[field] = value?.DeepClone();
        return config;
    }

    private static JsonObject Ports(SimulatedContainerSpec spec) => new(spec.Ports.Select(static p => KeyValuePair.Create<string, JsonNode?>(
        $"{p.Value}/tcp",
        new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = p.Key.ToString() }))));

    private static JsonObject Networks(SimulatedContainer container)
    {
        var networks = new JsonObject();
        foreach (var (name, given) in container.Made.Networks)
        {
            var known = JsonNode.Parse(Network)!.AsObject();
            foreach (var (field, value) in given as JsonObject ?? []) known[field] = value?.DeepClone();
            networks[name] = known;
        }

        return networks;
    }

    private static JsonObject NetworkSettings(SimulatedContainer container) => new()
    {
        ["Bridge"] = "",
        ["SandboxID"] = "",
        ["HairpinMode"] = false,
        ["LinkLocalIPv6Address"] = "",
        ["LinkLocalIPv6PrefixLen"] = 0,
        ["Ports"] = Ports(container.Spec),
        ["SandboxKey"] = "",
        ["SecondaryIPAddresses"] = null,
        ["SecondaryIPv6Addresses"] = null,
        ["EndpointID"] = "",
        ["Gateway"] = "",
        ["GlobalIPv6Address"] = "",
        ["GlobalIPv6PrefixLen"] = 0,
        ["IPAddress"] = "",
        ["IPPrefixLen"] = 0,
        ["IPv6Gateway"] = "",
        ["MacAddress"] = "",
        ["Networks"] = Networks(container),
    };

    private static JsonObject Map(IReadOnlyDictionary<string, string> values) => new(values.Select(static v => KeyValuePair.Create<string, JsonNode?>(v.Key, v.Value)));

    private static string Sentence(SimulatedContainer container, DateTimeOffset now) => container.State switch
    {
        ContainerState.Running => $"Up {Ago(now - container.StartedAt)}{HealthWord(container.Health)}",
        ContainerState.Exited => $"Exited ({container.ExitCode}) {Ago(now - container.FinishedAt)} ago",
        _ => "Created",
    };

    private static string HealthWord(ContainerHealth health) => health switch
    {
        ContainerHealth.Starting => " (health: starting)",
        ContainerHealth.Healthy => " (healthy)",
        ContainerHealth.Unhealthy => " (unhealthy)",
        _ => "",
    };

    // As github.com/docker/go-units writes durations, up to days.
    private static string Ago(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "Less than a second",
        { TotalSeconds: < 2 } => "1 second",
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} seconds",
        { TotalMinutes: < 2 } => "About a minute",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} minutes",
        { TotalHours: < 2 } => "About an hour",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} hours",
        _ => $"{(int)span.TotalDays} days",
    };
}
