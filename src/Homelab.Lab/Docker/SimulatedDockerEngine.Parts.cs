using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Docker;

/// <content>What containers share: volumes and networks. Those that containers name are there without anybody having made them.</content>
public sealed partial class SimulatedDockerEngine
{
    private const string StackLabel = "com.docker.compose.project";

    private static readonly (string Name, string Driver)[] s_builtIn = [("bridge", "bridge"), ("host", "host"), ("none", "null")];

    private Task VolumesAsync(HttpContext context)
    {
        var containers = Containers;
        var named = containers.SelectMany(static c => c.Made.Mounts.OfType<JsonObject>().Where(static m => $"{m["Type"]}" == "volume").Select(m => (Name: $"{m["Name"]}", Container: c)));
        var volumes = Volumes.Select(static v => (v.Name, Stack: (string?)null)).Concat(named.Select(static n => (n.Name, Stack: n.Container.Spec.Labels.GetValueOrDefault(StackLabel)))).DistinctBy(static v => v.Name, StringComparer.Ordinal);
        return JsonAsync(context, new JsonObject
        {
            [nameof(Volumes)] = new JsonArray([.. volumes.Select(v => new JsonObject
            {
                ["CreatedAt"] = "2026-01-01T00:00:00Z",
                ["Driver"] = "local",
                ["Labels"] = Labels(v.Stack),
                ["Mountpoint"] = $"{_options.DataRoot}/volumes/{v.Name}/_data",
                ["Name"] = v.Name,
                ["Options"] = null,
                ["Scope"] = "local",
            })]),
            ["Warnings"] = null,
        });
    }

    private Task NetworksAsync(HttpContext context)
    {
        var named = Containers.SelectMany(static c => c.Made.Networks.Select(n => (Name: n.Key, Driver: "bridge", Stack: c.Spec.Labels.GetValueOrDefault(StackLabel))));
        var networks = s_builtIn.Select(static n => (n.Name, n.Driver, Stack: (string?)null)).Concat(named).DistinctBy(static n => n.Name, StringComparer.Ordinal).ToArray();
        return JsonAsync(context, new JsonArray([.. networks.Select((n, i) => new JsonObject
        {
            ["Name"] = n.Name,
            // As a container's endpoint names it.
            ["Id"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("network " + n.Name))),
            ["Created"] = "2026-01-01T00:00:00.123456789Z",
            ["Scope"] = "local",
            ["Driver"] = n.Driver,
            ["EnableIPv6"] = false,
            ["IPAM"] = new JsonObject { ["Driver"] = "default", ["Options"] = null, ["Config"] = n.Driver == "bridge" ? new JsonArray(new JsonObject { ["Subnet"] = $"172.{17 + i}.0.0/16", ["Gateway"] = $"172.{17 + i}.0.1" }) : new JsonArray() },
            ["Internal"] = false,
            ["Attachable"] = false,
            ["Ingress"] = false,
            ["ConfigFrom"] = new JsonObject { ["Network"] = "" },
            ["ConfigOnly"] = false,
            // Empty in a list; only a look at one network tells.
            [nameof(Containers)] = new JsonObject(),
            ["Options"] = new JsonObject(),
            ["Labels"] = Labels(n.Stack),
        })]));
    }

    private static JsonObject Labels(string? stack) => stack is null ? [] : new JsonObject { [StackLabel] = stack };
}
