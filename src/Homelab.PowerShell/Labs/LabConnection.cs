using Homelab.Composition;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Hosting;

namespace Homelab.PowerShell.Labs;

/// <summary>A lab that is open in this process: its runtime, and the names that were seen in it.</summary>
internal sealed class LabConnection : IAsyncDisposable
{
    private LabConnection(LocatedLab place, HomelabRuntime runtime, HostProcess? simulator)
    {
        Place = place;
        Runtime = runtime;
        Simulator = simulator;
        Names = new NameCache(runtime.File.Lab, runtime.Catalog, runtime.Runbooks);
    }

    /// <summary>Where it was found.</summary>
    internal LocatedLab Place { get; }

    /// <summary>The lab, put together.</summary>
    internal HomelabRuntime Runtime { get; }

    /// <summary>The process that simulates it; null when it is real.</summary>
    internal HostProcess? Simulator { get; }

    /// <summary>Names for completion.</summary>
    internal NameCache Names { get; }

    internal static async Task<LabConnection> OpenAsync(LocatedLab place, HostProcess? simulator, CancellationToken cancellationToken)
    {
        var options = new RuntimeOptions { Trace = CallScope.Trace, Vault = new SecretManagementVault(), StatePath = place.Path is null && Environment.GetEnvironmentVariable("HOMELAB_STATE") is null ? OwnState() : null };
        return new LabConnection(place, await HomelabRuntime.OpenAsync(place.File, options, cancellationToken).ConfigureAwait(false), simulator);
    }

    // A lab without a file has no folder of its own, and the folder that somebody happens to be in is not ours to write to.
    private static string OwnState()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "homelab");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, "homelab.db");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync().ConfigureAwait(false);
        // Last: the runtime may still be talking to it.
        if (Simulator is not null) await Simulator.DisposeAsync().ConfigureAwait(false);
    }
}
