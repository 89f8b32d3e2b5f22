using System.Diagnostics;

namespace Homelab.PowerShell.Hosting;

/// <summary>The service manager of this machine, where it is systemd.</summary>
internal static class Systemd
{
    private const string Units = "/etc/systemd/system";

    /// <summary>Where a unit's file lies.</summary>
    internal static string PathOf(string unit) => Path.Combine(Units, unit);

    /// <summary>Makes sure that services can be installed here.</summary>
    /// <exception cref="HomelabException"><c>ServiceNotSupported</c> (Conflict), <c>ServiceNeedsRoot</c> (Denied).</exception>
    internal static void Require()
    {
        if (!Directory.Exists("/run/systemd/system"))
        {
            throw new HomelabException(
                ErrorKind.Conflict,
                "ServiceNotSupported",
                "This machine is not run by systemd, so no unit can be installed. Run 'homelab serve' by its own service manager or in a container (deploy/compose.yaml); Install-HlService -AsText returns the unit for another machine.");
        }

        if (Environment.UserName != "root") throw new HomelabException(ErrorKind.Denied, "ServiceNeedsRoot", $"Only root can install a service, and you are {Environment.UserName}. Start pwsh with sudo.");
    }

    /// <summary>Calls systemctl.</summary>
    /// <exception cref="HomelabException"><c>ServiceFailed</c> (Failed), with what it said.</exception>
    internal static async Task CallAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo("systemctl", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new HomelabException(ErrorKind.Failed, "ServiceFailed", $"systemctl {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {errors.Trim()}. journalctl -u homelab.service says more.");
        }
    }
}
