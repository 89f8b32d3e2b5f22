using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Homelab.Providers.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>A wire with a token, to servers of a test, and what it traced.</summary>
internal sealed class WireBench : IDisposable
{
    internal const string Id = "homelab@pve!test";
    internal const string Key = "01234567-89ab-cdef-0123-456789abcdef";

    private readonly ConcurrentQueue<string> _trace = new();

    internal WireBench(ProxmoxSettings settings, TimeProvider? time = null, string? basePath = null, ISecretSource? secrets = null)
    {
        var context = new ProviderContext(new LabDefinition { Name = "test" }, basePath ?? AppContext.BaseDirectory, secrets ?? new Secrets(("TOKEN", $"{Id}={Key}")), time ?? new PatientTime())
        {
            Trace = _trace.Enqueue,
        };
        Wire = new ProxmoxWire(settings, context);
    }

    internal WireBench(params RawServer[] servers)
        : this(new PatientTime(), servers)
    {
    }

    internal WireBench(TimeProvider time, params RawServer[] servers)
        : this(new ProxmoxSettings { Url = servers[0].Url, Failover = [.. servers.Skip(1).Select(static s => new ProxmoxNodeDefinition { Url = s.Url })], Token = Reference("TOKEN") }, time)
    {
    }

    internal ProxmoxWire Wire { get; }

    internal IReadOnlyList<string> Trace => [.. _trace];

    internal static SecretReference Reference(string name) => SecretReference.Parse("env:" + name, provider: null);

    internal Task<VersionProbe> VersionAsync(CancellationToken cancellationToken) => Wire.GetAsync($"/version", ProbeJson.Default.VersionProbe, cancellationToken);

    public void Dispose() => Wire.Dispose();
}

internal sealed record VersionProbe([property: JsonPropertyName("version")] string? Version);

internal sealed record PidProbe([property: JsonPropertyName("pid")] int Pid);

[JsonSerializable(typeof(VersionProbe))]
[JsonSerializable(typeof(PidProbe))]
internal sealed partial class ProbeJson : JsonSerializerContext;
