using System.Text.Json;
using Homelab.Providers.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class RightsTests
{
    // The routes that an operation cannot do without, and that say themselves which privileges they check.
    private static readonly Dictionary<string, string[]> s_routes = new(StringComparer.Ordinal)
    {
        ["proxmox_status"] = ["GET /cluster/status", "GET /cluster/ha/status/current"],
        ["proxmox_vm_status"] = ["GET /nodes/{node}/qemu/{vmid}/status/current", "GET /nodes/{node}/lxc/{vmid}/status/current"],
        ["proxmox_vm_metrics"] = ["GET /nodes/{node}/qemu/{vmid}/rrddata", "GET /nodes/{node}/lxc/{vmid}/rrddata"],
        ["proxmox_guest_ping"] = ["POST /nodes/{node}/qemu/{vmid}/agent/ping"],
        ["proxmox_guest_network"] = ["GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces", "GET /nodes/{node}/lxc/{vmid}/interfaces"],
        ["proxmox_start_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/start", "POST /nodes/{node}/lxc/{vmid}/status/start"],
        ["proxmox_shutdown_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/shutdown", "POST /nodes/{node}/lxc/{vmid}/status/shutdown"],
        ["proxmox_stop_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/stop", "POST /nodes/{node}/lxc/{vmid}/status/stop"],
        ["proxmox_reboot_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/reboot", "POST /nodes/{node}/lxc/{vmid}/status/reboot"],
        ["proxmox_reset_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/reset"],
        ["proxmox_suspend_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/suspend", "POST /nodes/{node}/lxc/{vmid}/status/suspend"],
        ["proxmox_resume_vm"] = ["POST /nodes/{node}/qemu/{vmid}/status/resume", "POST /nodes/{node}/lxc/{vmid}/status/resume"],
        ["proxmox_vm_config"] = ["GET /nodes/{node}/qemu/{vmid}/config", "GET /nodes/{node}/lxc/{vmid}/config", "GET /nodes/{node}/qemu/{vmid}/pending"],
        ["proxmox_list_nodes"] = ["GET /nodes/{node}/status"],
        ["proxmox_list_storage_content"] = ["GET /nodes/{node}/storage/{storage}/content"],
        ["proxmox_list_disks"] = ["GET /nodes/{node}/disks/list"],
        ["proxmox_list_zfs"] = ["GET /nodes/{node}/disks/zfs", "GET /nodes/{node}/disks/zfs/{name}"],
        ["proxmox_ha_status"] = ["GET /cluster/ha/resources", "GET /cluster/ha/status/current", "GET /cluster/ha/rules"],
        ["proxmox_pending_updates"] = ["GET /nodes/{node}/apt/update"],
        ["proxmox_list_snapshots"] = ["GET /nodes/{node}/qemu/{vmid}/snapshot", "GET /nodes/{node}/lxc/{vmid}/snapshot"],
        ["proxmox_list_backups"] = ["GET /nodes/{node}/storage/{storage}/content"],
        ["proxmox_list_firewall_rules"] = ["GET /nodes/{node}/qemu/{vmid}/firewall/rules", "GET /nodes/{node}/lxc/{vmid}/firewall/options", "GET /cluster/firewall/options"],
        ["proxmox_create_snapshot"] = ["POST /nodes/{node}/qemu/{vmid}/snapshot", "POST /nodes/{node}/lxc/{vmid}/snapshot"],
        ["proxmox_rollback_snapshot"] = ["POST /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback", "POST /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback"],
        ["proxmox_delete_snapshot"] = ["DELETE /nodes/{node}/qemu/{vmid}/snapshot/{snapname}", "DELETE /nodes/{node}/lxc/{vmid}/snapshot/{snapname}"],
        ["proxmox_clone_vm"] = ["POST /nodes/{node}/qemu/{vmid}/clone", "POST /nodes/{node}/lxc/{vmid}/clone"],
        ["proxmox_set_vm"] = ["PUT /nodes/{node}/qemu/{vmid}/config", "PUT /nodes/{node}/lxc/{vmid}/config"],
        ["proxmox_resize_disk"] = ["PUT /nodes/{node}/qemu/{vmid}/resize"],
        ["proxmox_migrate_vm"] = ["GET /nodes/{node}/qemu/{vmid}/migrate", "POST /nodes/{node}/qemu/{vmid}/migrate", "POST /nodes/{node}/lxc/{vmid}/migrate"],
        ["proxmox_delete_vm"] = ["DELETE /nodes/{node}/qemu/{vmid}", "DELETE /nodes/{node}/lxc/{vmid}"],
        ["proxmox_set_firewall_rule"] = ["POST /nodes/{node}/qemu/{vmid}/firewall/rules", "PUT /nodes/{node}/lxc/{vmid}/firewall/rules/{pos}"],
        ["proxmox_guest_exec"] = ["POST /nodes/{node}/qemu/{vmid}/agent/exec", "GET /nodes/{node}/qemu/{vmid}/agent/exec-status"],
    };

    public static TheoryData<string> Operations => [.. new ProxmoxProvider(Context).Operations.Select(static o => o.Descriptor.Name)];

    public static TheoryData<string> Routes => [.. s_routes.Keys];

    private static ProviderContext Context => new(new LabDefinition(), AppContext.BaseDirectory, new Secrets(), TimeProvider.System);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_says_what_rights_it_needs(string operation)
    {
        Assert.True(Rights.Of.TryGetValue(operation, out var rights), $"{operation} is not in Rights.cs.");
        var level = new ProxmoxProvider(Context).Operations.Single(o => o.Descriptor.Name == operation).Descriptor.Level;
        if (rights.Level is not (TokenLevel.Exec or TokenLevel.Update)) Assert.Equal((int)level, (int)rights.Level);
    }

    [Fact]
    public void No_rights_are_given_for_what_nobody_can_do() =>
        Assert.Empty(Rights.Of.Keys.Except(new ProxmoxProvider(Context).Operations.Select(static o => o.Descriptor.Name), StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Routes))]
    public void The_privileges_are_those_that_the_routes_check(string operation)
    {
        var file = Repository.Shared is { } shared ? Path.Combine(shared, "pve", "apidata.json") : null;
        Assert.SkipUnless(file is not null && File.Exists(file), "The vendor's description of the API is not beside this checkout (../shared/pve/apidata.json).");
        using var document = JsonDocument.Parse(File.ReadAllBytes(file!));
        var given = Rights.Of[operation].Needs.ToArray();

        foreach (var route in s_routes[operation])
        {
            var check = Find(document.RootElement.GetProperty("tree"), route).GetProperty("permissions").GetProperty("check");
            Assert.True(IsMet(check, given), $"{operation}: {route} checks {check.GetRawText()}, and Rights.cs gives {string.Join(", ", given.Select(static g => $"{g.Privilege} on {g.On}"))}.");
        }
    }

    [Fact]
    public void No_level_needs_a_right_that_makes_an_administrator() =>
        Assert.DoesNotContain(
            Rights.Needed.Where(static n => n.Level <= TokenLevel.Manage),
            static n => n.Right.Privilege is "Permissions.Modify" or "Sys.Modify" or "Sys.Console" or "User.Modify" or "Datastore.Allocate" or "VM.GuestAgent.Unrestricted" or "VM.GuestAgent.FileWrite");

    private static bool IsMet(JsonElement check, Right[] given) => check[0].GetString() switch
    {
        "and" => check.EnumerateArray().Skip(1).All(c => IsMet(c, given)),
        "or" => check.EnumerateArray().Skip(1).Any(c => IsMet(c, given)),
        "perm" => IsMet(check[1].GetString()!, [.. check[2].EnumerateArray().Select(static p => p.GetString()!)], check.EnumerateArray().Any(static c => c.ValueKind == JsonValueKind.String && c.GetString() == "any"), given),
        var other => throw new InvalidOperationException($"Nobody knows the check '{other}'."),
    };

    private static bool IsMet(string path, string[] privileges, bool any, Right[] given)
    {
        bool Has(string privilege) => given.Any(g => g.Only is null && g.Privilege == privilege && Fits(path, g.On));
        return any ? privileges.Any(Has) : privileges.All(Has);
    }

    private static bool Fits(string path, RightPath on) => on == RightPath.Root ? path == "/" : path.StartsWith(Rights.PathOf(on) + "/", StringComparison.Ordinal) || (on == RightPath.Guests && path.StartsWith("/pool/", StringComparison.Ordinal));

    private static JsonElement Find(JsonElement nodes, string route)
    {
        var (method, path) = route.Split(' ') is [var m, var p] ? (m, p) : throw new InvalidOperationException(route);
        foreach (var node in nodes.EnumerateArray())
        {
            var here = node.GetProperty("path").GetString()!;
            if (here == path) return node.GetProperty("info").GetProperty(method);
            if (path.StartsWith(here + "/", StringComparison.Ordinal) && node.TryGetProperty("children", out var children)) return Find(children, route);
        }

        throw new InvalidOperationException($"The description has no {route}.");
    }
}
