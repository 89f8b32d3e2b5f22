using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells the address at which a browser shows a guest's console.</summary>
/// <remarks>The page of Proxmox' own interface, noVNC or xterm.js. It holds no ticket: whoever opens it logs in there, and needs VM.Console.</remarks>
[Operation("proxmox_console_url", Level.Monitor, Risk.Read)]
[Description("Tells the address at which a browser shows the console of a guest of Proxmox, by noVNC or xterm.js. It holds no credential: whoever opens it logs in to Proxmox.")]
[Example("Get-HlVmConsole dev", "Show the address of one guest's screen.")]
[Example("Start-Process (Get-HlVmConsole web-1 -Kind Text).Url", "Open a text console in the browser.")]
public sealed class ReadConsole(ProxmoxCluster cluster) : Query<ReadConsole.Input, ConsoleLink>
{
    /// <summary>Which guest.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>Screen or text.</summary>
        [Description("screen (noVNC) or text (xterm.js). The screen of a virtual machine and the text of a container when not given.")]
        public ConsoleKind? Kind { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Find guest console", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ConsoleLink> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        if (vm.Template) throw VmErrors.IsTemplate(vm, "looked at by a console");
        var kind = input.Kind ?? (vm.Kind == VmKind.Qemu ? ConsoleKind.Screen : ConsoleKind.Text);
        if (vm.Kind == VmKind.Qemu && kind == ConsoleKind.Text) await DemandSerialPortAsync(vm, cancellationToken).ConfigureAwait(false);
        var viewer = kind == ConsoleKind.Screen ? "novnc=1&resize=scale" : "xtermjs=1";
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"?console={(vm.Kind == VmKind.Qemu ? "kvm" : "lxc")}&{viewer}&vmid={vm.Id}&vmname={Uri.EscapeDataString(vm.Name)}&node={Uri.EscapeDataString(vm.Node)}");
        yield return new ConsoleLink { Vm = new VmRef(vm), Kind = kind, Url = new Uri(cluster.Url, "/" + query).AbsoluteUri };
    }

    private async Task DemandSerialPortAsync(Vm vm, CancellationToken cancellationToken)
    {
        var settings = await new VmConfigs(cluster).ReadAsync(VmPlace.Of(vm), cancellationToken).ConfigureAwait(false);
        if (settings.Now.Keys.Any(static k => k.StartsWith("serial", StringComparison.Ordinal))) return;
        throw new HomelabException(ErrorKind.Conflict, "VmHasNoSerialPort", $"Guest {vm} has no serial port, which its text console needs. On the node: qm set {vm.Id} --serial0 socket, then restart the guest; or use its screen.", vm.ToString()) { NothingHappened = true };
    }
}
