using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Turns an engine's words about containers into the model's.</summary>
internal static class ContainerReader
{
    // Enough to see why a check fails; some checks print whole pages.
    private const int HealthOutputLength = 500;

    internal static Container Read(ContainerListWire wire, string host) => new()
    {
        Name = NameOf(wire),
        Host = host,
        Id = wire.Id ?? "",
        Image = wire.Image ?? "",
        State = State(wire.State),
        Health = HealthIn(wire.Status),
        Status = wire.Status ?? "",
        Ports = [.. (wire.Ports ?? []).OfType<PortWire>().Select(Port).Order(StringComparer.Ordinal)],
        Labels = Labels(wire.Labels),
        Created = DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(wire.Created, 0, 253_402_300_799)),
    };

    /// <exception cref="FormatException">A field that healing depends on is missing or cannot be read.</exception>
    internal static ContainerDetail Read(ContainerInspectWire wire, string host)
    {
        if (wire is not { Id: { Length: > 0 } id, Name: { Length: > 0 } name, State: { } state }) throw new FormatException("id, name or state is missing");
        var health = Health(state.Health?.Status);
        return new ContainerDetail
        {
            Name = name.TrimStart('/'),
            Host = host,
            Id = id,
            Image = wire.Config?.Image ?? wire.Image ?? "",
            State = State(state.Status),
            Health = health,
            Status = Sentence(state, health),
            Ports = [.. Ports(wire.NetworkSettings?.Ports).Order(StringComparer.Ordinal)],
            Labels = Labels(wire.Config?.Labels),
            Created = Time(wire.Created),
            StartedAt = Time(state.StartedAt),
            FinishedAt = Time(state.FinishedAt),
            ExitCode = state.ExitCode,
            OomKilled = state.OomKilled,
            RestartCount = wire.RestartCount,
            RestartPolicy = wire.HostConfig?.RestartPolicy?.Name is { Length: > 0 } policy ? policy : "no",
            RestartLimit = wire.HostConfig?.RestartPolicy?.MaximumRetryCount ?? 0,
            Error = DockerErrors.Shown(state.Error ?? ""),
            FailingStreak = state.Health?.FailingStreak ?? 0,
            HealthOutput = ForeignText.Clean(state.Health?.Log is { Length: > 0 } log ? log[^1]?.Output ?? "" : "", HealthOutputLength),
            Tty = wire.Config?.Tty ?? false,
            MemoryLimit = wire.HostConfig?.Memory ?? 0,
            SwapLimit = Swap(wire.HostConfig),
            CpuLimit = Cpus(wire.HostConfig),
            LogDriver = wire.HostConfig?.LogConfig?.Type ?? "",
            LogPath = wire.LogPath ?? "",
        };
    }

    // The engine counts memory and swap together.
    private static long? Swap(HostConfigWire? limits) => limits switch
    {
        { Memory: > 0, MemorySwap: > 0 } => Math.Max(0, limits.MemorySwap - limits.Memory),
        _ => null,
    };

    private static double Cpus(HostConfigWire? limits)
    {
        const double Billion = 1_000_000_000;
        const double UsualPeriod = 100_000;
        return limits switch
        {
            { NanoCpus: > 0 } => limits.NanoCpus / Billion,
            { CpuQuota: > 0 } => limits.CpuQuota / (limits.CpuPeriod > 0 ? limits.CpuPeriod : UsualPeriod),
            _ => 0,
        };
    }

    /// <summary>A time as Go writes it: up to nine digits after the point, and the year 1 for never.</summary>
    /// <exception cref="FormatException">It is no time.</exception>
    internal static DateTimeOffset Time(string? text)
    {
        if (string.IsNullOrEmpty(text)) return DateTimeOffset.MinValue;
        if (text.StartsWith("0001-01-01", StringComparison.Ordinal)) return DateTimeOffset.MinValue;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw new FormatException($"'{DockerErrors.Shown(text)}' is no time");
    }

    internal static ContainerState State(string? word) => word switch
    {
        "created" => ContainerState.Created,
        "running" => ContainerState.Running,
        "paused" => ContainerState.Paused,
        "restarting" => ContainerState.Restarting,
        "removing" => ContainerState.Removing,
        "exited" => ContainerState.Exited,
        "dead" => ContainerState.Dead,
        _ => ContainerState.Unknown,
    };

    internal static ContainerHealth Health(string? word) => word switch
    {
        null or "" or "none" => ContainerHealth.None,
        "starting" => ContainerHealth.Starting,
        "healthy" => ContainerHealth.Healthy,
        "unhealthy" => ContainerHealth.Unhealthy,
        _ => ContainerHealth.Unknown,
    };

    /// <summary>The name that is the container's own; links put names such as <c>/web/db</c> beside it.</summary>
    internal static string NameOf(ContainerListWire wire) =>
        (wire.Names ?? []).OfType<string>().Select(static n => n.TrimStart('/')).FirstOrDefault(static n => n.Length > 0 && !n.Contains('/', StringComparison.Ordinal)) ?? wire.Id ?? "";

    // A list tells a container's health only at the end of the sentence for people.
    private static ContainerHealth HealthIn(string? sentence)
    {
        if (sentence is null || !sentence.EndsWith(')')) return ContainerHealth.None;
        if (sentence.EndsWith("(healthy)", StringComparison.Ordinal)) return ContainerHealth.Healthy;
        if (sentence.EndsWith("(unhealthy)", StringComparison.Ordinal)) return ContainerHealth.Unhealthy;
        return sentence.EndsWith("(health: starting)", StringComparison.Ordinal) ? ContainerHealth.Starting : ContainerHealth.None;
    }

    private static string Sentence(StateWire state, ContainerHealth health)
    {
        var word = state.Status ?? "";
        if (word is "exited" or "dead" or "restarting") return $"{word} ({state.ExitCode})";
        return health is ContainerHealth.None ? word : $"{word} ({state.Health?.Status})";
    }

    private static IEnumerable<string> Ports(Dictionary<string, PortBindingWire?[]?>? ports)
    {
        foreach (var (inside, bindings) in ports ?? [])
        {
            if (bindings is not { Length: > 0 }) yield return inside;
            foreach (var binding in (bindings ?? []).OfType<PortBindingWire>()) yield return $"{Bracketed(binding.HostIp)}:{binding.HostPort}->{inside}";
        }
    }

    private static string Port(PortWire port) =>
        port.PublicPort is > 0 and var outside ? $"{Bracketed(port.Ip)}:{outside}->{port.PrivatePort}/{port.Type}" : $"{port.PrivatePort}/{port.Type}";

    private static string Bracketed(string? ip) => ip is { Length: > 0 } ? ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip : "0.0.0.0";

    private static Dictionary<string, string> Labels(Dictionary<string, string?>? labels) =>
        (labels ?? []).ToDictionary(static l => l.Key, static l => l.Value ?? "", StringComparer.Ordinal);
}
