using Homelab.Composition;
using Homelab.Configuration;
using Homelab.PowerShell.Completion;

namespace Homelab.PowerShell.Labs;

/// <summary>A lab that is open in this process: its runtime, and the names that were seen in it.</summary>
internal sealed class LabConnection : IAsyncDisposable
{
    private LabConnection(string place, HomelabRuntime runtime)
    {
        Place = place;
        Runtime = runtime;
        Names = new NameCache(runtime.File.Lab, runtime.Catalog, runtime.Runbooks);
    }

    /// <summary>Where it was read from.</summary>
    internal string Place { get; }

    /// <summary>The lab, put together.</summary>
    internal HomelabRuntime Runtime { get; }

    /// <summary>Names for completion.</summary>
    internal NameCache Names { get; }

    internal static async Task<LabConnection> OpenAsync(string place, LabFile file, CancellationToken cancellationToken)
    {
        var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { Trace = CallScope.Trace }, cancellationToken).ConfigureAwait(false);
        return new LabConnection(place, runtime);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
