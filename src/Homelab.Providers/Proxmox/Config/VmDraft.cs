using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>A new guest, as the API wants it described. What is not given is as the vendor's own wizard has it.</summary>
internal static class VmDraft
{
    internal const int SmallestId = 100;
    internal const int LargestId = 999_999_999;
    internal const double SmallestDisk = 1L << 20;
    internal const double LargestDisk = 1L << 50;
    internal const double SmallestMemory = 16L << 20;
    internal const double LargestMemory = 1L << 44;

    private const long MiB = 1L << 20;
    private const string NoBridge = "none";

    /// <summary>What cannot be said of this kind of guest, all at once.</summary>
    /// <exception cref="InputException"><c>InputInvalid</c> (Invalid).</exception>
    internal static void Check(CreateVm.Input input)
    {
        var problems = new List<InputProblem>();
        var isQemu = input.Kind == VmKind.Qemu;
        if (input.Memory % MiB != 0) problems.Add(new InputProblem("memory", ByteSize.Format(input.Memory), "is not whole MiB", "Give whole MiB, such as 2GiB or 512MiB."));
        if (!isQemu && input.Template is null) problems.Add(new InputProblem("template", null, "is missing", "A container is made from a template, such as local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst."));
        if (isQemu && input.Template is not null) problems.Add(new InputProblem("template", input.Template, "is for containers", "Give kind lxc, or clone a template of virtual machines (proxmox_clone_vm)."));
        if (isQemu && input.Privileged) problems.Add(new InputProblem("privileged", "true", "is for containers", "Leave it out."));
        if (!isQemu && input.Iso is not null) problems.Add(new InputProblem("iso", input.Iso, "is for virtual machines", "Give kind qemu, or leave it out."));
        if (!isQemu && input.User is not null) problems.Add(new InputProblem("user", input.User, "is for virtual machines with cloud-init", "Leave it out; a container's account is root."));
        if (input.Gateway is { } gateway && input.Ip is null or "dhcp") problems.Add(new InputProblem("gateway", input.Gateway, "has no address to go with", "Give ip, such as 192.168.1.20/24."));
        if (input.Bridge == NoBridge && (input.Vlan is not null || input.Ip is not null)) problems.Add(new InputProblem("bridge", NoBridge, "leaves no network card for vlan and ip", "Give a bridge, such as vmbr0."));
        Inner("bridge", input.Bridge);
        Inner("ip", input.Ip);
        Inner("gateway", input.Gateway);
        Inner("iso", input.Iso);
        Inner("storage", input.Storage);
        if (problems.Count > 0) throw new InputException(problems);

        // These become parts of a list that commas separate: one within would add settings that nobody agreed to.
        void Inner(string field, string? value)
        {
            if (value is not null && value.AsSpan().ContainsAny(",\n\r ")) problems.Add(new InputProblem(field, ForeignText.Clean(value, 60), "holds a comma or a blank", "Give the name alone."));
        }
    }

    /// <summary>The parameters of <c>POST /nodes/{node}/qemu</c>.</summary>
    internal static ProxmoxForm OfMachine(CreateVm.Input input, int id, Secret? password)
    {
        var hasCloudInit = input.User is not null || password is not null || input.SshKey.Count > 0 || input.Ip is not null;
        var form = Common(input, id);
        form.Add("name", input.Name);
        form.Add("ostype", input.OsType ?? "l26");
        form.Add("agent", "1");
        form.Add("scsihw", "virtio-scsi-single");
        form.Add("scsi0", $"{input.Storage}:{Gibibytes(input.Disk)}");
        form.Add("ide2", input.Iso is null ? null : $"{input.Iso},media=cdrom");
        // An empty disk cannot be booted from: the disc is next.
        form.Add("boot", input.Iso is null ? "order=scsi0" : "order=scsi0;ide2");
        form.Add("net0", input.Bridge == NoBridge ? null : $"virtio,bridge={input.Bridge}{Tag(input)}");
        if (!hasCloudInit) return form;

        form.Add("ide0", $"{input.Storage}:cloudinit");
        form.Add("ciuser", input.User);
        if (password is not null) form.AddSecret("cipassword", password);
        // Encoded within, and once more as every parameter is.
        form.Add("sshkeys", input.SshKey.Count == 0 ? null : Uri.EscapeDataString(string.Join('\n', input.SshKey)));
        form.Add("ipconfig0", input.Ip is null ? null : $"ip={input.Ip}{Gateway(input)}");
        return form;
    }

    /// <summary>The parameters of <c>POST /nodes/{node}/lxc</c>.</summary>
    internal static ProxmoxForm OfContainer(CreateVm.Input input, int id, Secret? password)
    {
        var form = Common(input, id);
        form.Add("hostname", input.Name);
        form.Add("ostemplate", input.Template);
        form.Add("ostype", input.OsType);
        form.Add("rootfs", $"{input.Storage}:{Gibibytes(input.Disk)}");
        form.Add("net0", input.Bridge == NoBridge ? null : $"name=eth0,bridge={input.Bridge}{Tag(input)}{(input.Ip is null ? "" : $",ip={input.Ip}")}{Gateway(input)}");
        form.Add("unprivileged", !input.Privileged);
        // A system with systemd does not start well without.
        form.Add("features", input.Privileged ? null : "nesting=1");
        if (password is not null) form.AddSecret("password", password);
        form.Add("ssh-public-keys", input.SshKey.Count == 0 ? null : string.Join('\n', input.SshKey));
        return form;
    }

    private static ProxmoxForm Common(CreateVm.Input input, int id) => new()
    {
        { "vmid", id },
        { "memory", input.Memory / MiB },
        { "cores", input.Core },
        { "onboot", input.OnBoot ? true : (bool?)null },
        { "tags", input.Tag.Count == 0 ? null : string.Join(';', input.Tag) },
        { "pool", input.Pool },
        { "description", input.Description },
        { "start", input.Start ? true : (bool?)null },
    };

    private static string Tag(CreateVm.Input input) => input.Vlan is { } vlan ? string.Create(CultureInfo.InvariantCulture, $",tag={vlan}") : "";

    private static string Gateway(CreateVm.Input input) => input.Gateway is { } gateway ? $",gw={gateway}" : "";

    // New disks are counted in GiB, in parts of one where need be.
    private static string Gibibytes(long bytes) => (Math.Ceiling((decimal)bytes / MiB) / 1024).ToString("0.##########", CultureInfo.InvariantCulture);
}
