using System.ComponentModel;

namespace Homelab.Providers.Scripts;

/// <summary>Where scripts are, and what runs them: <c>providers: scripts:</c> in the lab file. Which may run is for <c>policy.commands</c> to say.</summary>
public sealed record ScriptsSettings
{
    /// <summary>The folder.</summary>
    [Description("The folder of the scripts, relative to the lab file. No other script can be run.")]
    public string Folder { get; init; } = "scripts";

    /// <summary>The program pwsh.</summary>
    [Description("The program pwsh, where it is not on the PATH; relative to the lab file.")]
    public string? Pwsh { get; init; }
}
