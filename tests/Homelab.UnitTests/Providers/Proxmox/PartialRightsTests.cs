using Homelab.Lab.Proxmox;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>What only a part of an operation needs is needed for that part, and for nothing else.</summary>
public sealed class PartialRightsTests
{
    private const string User = "ops@pve";
    private const string Role = "Tried";
    private const string Machine = "local:backup/vzdump-qemu-100-2026_01_02-03_00_00.vma.zst";
    private const string Container = "local:backup/vzdump-lxc-101-2026_01_02-03_00_00.tar.zst";

    [Theory]
    [InlineData("proxmox_restore_backup", """{"backup":"local:backup/vzdump-qemu-100-2026_01_02-03_00_00.vma.zst"}""", "")]
    [InlineData("proxmox_restore_backup", """{"backup":"local:backup/vzdump-qemu-100-2026_01_02-03_00_00.vma.zst","name":"copy"}""", "VM.Config.Options")]
    [InlineData("proxmox_restore_backup", """{"backup":"local:backup/vzdump-lxc-101-2026_01_02-03_00_00.tar.zst","name":"copy"}""", "VM.Config.Network")]
    [InlineData("proxmox_restore_backup", """{"backup":"local:backup/vzdump-qemu-100-2026_01_02-03_00_00.vma.zst","overwrite":"on","forceStop":true}""", "VM.PowerMgmt")]
    [InlineData("proxmox_set_vm", """{"vm":"ct","memory":"1GiB"}""", "")]
    [InlineData("proxmox_set_vm", """{"vm":"ct","name":"other"}""", "VM.Config.Network")]
    [InlineData("proxmox_delete_vm", """{"vm":"dev"}""", "")]
    [InlineData("proxmox_delete_vm", """{"vm":"dev","backupTo":"local"}""", "VM.Backup Datastore.AllocateSpace Datastore.Audit")]
    [InlineData("proxmox_migrate_vm", """{"vm":"dev","targetNode":"pve2","withLocalDisk":true}""", "")]
    [InlineData("proxmox_migrate_vm", """{"vm":"dev","targetNode":"pve2","withLocalDisk":true,"targetStorage":"local"}""", "Datastore.AllocateSpace")]
    [InlineData("proxmox_clone_vm", """{"vm":"dev","name":"copy","pool":"prod"}""", "")]
    [InlineData("proxmox_create_vm", """{"name":"ct2","kind":"lxc","node":"pve1","storage":"local","template":"local:vztmpl/debian-13.tar.zst","tag":["lab"],"description":"why"}""", "")]
    [InlineData("proxmox_create_vm", """{"name":"ct2","kind":"lxc","node":"pve1","storage":"local","template":"local:vztmpl/debian-13.tar.zst","privileged":true}""", "Sys.Modify")]
    public async Task A_part_needs_its_rights_and_no_others(string operation, string input, string partial)
    {
        var rights = Rights.Of[operation].Needs;
        string[] always = [.. rights.Where(static r => r.Only is null).Select(static r => r.Privilege)];
        string[] needed = partial.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Empty(needed.Except(rights.Where(static r => r.Only is not null).Select(static r => r.Privilege), StringComparer.Ordinal));

        await using (var bench = await StartAsync([.. always, .. needed]))
        {
            Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync(operation, Parse(input)));
        }

        foreach (var missing in needed)
        {
            await using var bench = await StartAsync([.. always, .. needed.Where(n => n != missing)]);
            var e = await bench.FailAsync(operation, Parse(input));
            // What comes after the first step leaves an end that is not clear; a storage that may not be seen is not there at all.
            Assert.True((e.Id == "OutcomeUnknown" ? e.InnerException : e) is HomelabException { Kind: ErrorKind.Denied } or HomelabException { Id: "StorageNotFound" }, $"{operation} without {missing}: {e.Message}");
        }
    }

    private static System.Text.Json.JsonElement Parse(string input) => System.Text.Json.JsonDocument.Parse(input).RootElement;

    private static async Task<ProxmoxBench> StartAsync(string[] privileges)
    {
        var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2"] }, cluster =>
        {
            cluster.AddRole(Role, privileges);
            cluster.AddUser(User);
            cluster.Allow(new SimulatedAcl("/", "user", User, Role));
            return $"{User}!t={cluster.AddToken(User, "t")}";
        });
        var guest = new SimulatedGuestSpec { Vmid = 100, Name = "dev", Node = "pve1" };
        bench.Cluster.AddPool("prod");
        bench.Cluster.AddGuest(guest);
        bench.Cluster.AddGuest(guest with { Vmid = 101, Name = "ct", Kind = SimulatedGuestKind.Lxc });
        bench.Cluster.AddGuest(guest with { Vmid = 102, Name = "on", Running = true });
        var local = bench.Cluster.Storages[0];
        local.Volumes.Add(new SimulatedVolume { Volid = "local:vztmpl/debian-13.tar.zst", Content = "vztmpl", Format = "tzst", Size = 1 << 20, Node = "pve1" });
        Put(Machine, bench.Cluster.Guest(100));
        Put(Container, bench.Cluster.Guest(101));
        return bench;

        void Put(string volume, SimulatedGuest of) => local.Volumes.Add(new SimulatedVolume
        {
            Volid = volume,
            Content = "backup",
            Format = "zst",
            Size = 1 << 20,
            Vmid = of.Vmid,
            Node = "pve1",
            Subtype = of.Kind is SimulatedGuestKind.Qemu ? "qemu" : "lxc",
            GuestConfig = of.Config.ToDictionary(StringComparer.Ordinal),
        });
    }
}
